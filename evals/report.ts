// A run as a table for people and as JUnit for build servers. The JSON form is the summary itself.
import type { Run } from './run.ts';
import type { Score } from './score/interval.ts';
import { NAMES, type Scores, type Summary } from './summary.ts';

function cell(name: string, { value, low, high, n }: Score): string {
  if (value === null || low === null || high === null) return '-';
  const show = name.startsWith('latency') ? (x: number) => `${Math.round(x)} ms` : (x: number) => x.toFixed(3);
  return `${show(value)} (${show(low)} to ${show(high)}, n ${n})`;
}

function rows(title: string, scores: Scores): string[] {
  return [title, ...NAMES.filter((name) => scores[name].n > 0).map((name) => `  ${name.padEnd(20)}${cell(name, scores[name])}`)];
}

/** Scores with 95% intervals by suite and over all, what went wrong, and what was not run. */
export function table(summary: Summary, { skipped, graded }: Run): string {
  const suites = Object.entries(summary.suites);
  const wrong = summary.cases.filter((c) => !c.right);
  const silent = graded.filter((c) => (c.incompleteness?.length ?? 0) > 0);
  return [
    ...suites.flatMap(([suite, scores]) => rows(suite, scores)),
    ...(suites.length > 1 ? rows('all', summary.scores) : []),
    '',
    `${summary.cases.length - wrong.length} of ${summary.cases.length} cases right`,
    ...wrong.map((c) => `  ${c.id}: ${c.errors.join('; ')}`),
    ...(silent.length > 0 ? ['Not said how far it was looked:', ...silent.map((c) => `  ${c.id}: ${c.incompleteness!.join('; ')}`)] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped:`, ...skipped.map((s) => `  ${s.case.id}: ${s.reason}`)] : []),
  ].join('\n');
}

const xml = (text: string) =>
  text
    // XML 1.0 has no room for control characters, escaped or not.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '&#10;');

export function junit(summary: Summary, { skipped }: Run): string {
  const names = [...new Set([...Object.keys(summary.suites), ...skipped.map((s) => s.case.suite)])];
  const suites = names.map((suite) => {
    const cases = summary.cases.filter((c) => c.suite === suite);
    const left = skipped.filter((s) => s.case.suite === suite);
    const seconds = (ms: number) => (ms / 1000).toFixed(3);
    const open = (id: string, ms: number) => `    <testcase classname="${xml(suite)}" name="${xml(id)}" time="${seconds(ms)}"`;
    const failures = cases.filter((c) => !c.right).length;
    const total = seconds(cases.reduce((sum, c) => sum + c.ms, 0));
    return [
      `  <testsuite name="${xml(suite)}" tests="${cases.length + left.length}" failures="${failures}" errors="0" skipped="${left.length}" time="${total}">`,
      ...cases.map((c) =>
        c.right ? `${open(c.id, c.ms)}/>` : `${open(c.id, c.ms)}>\n      <failure message="${xml(c.errors.join('; '))}"/>\n    </testcase>`,
      ),
      ...left.map((s) => `${open(s.case.id, 0)}>\n      <skipped message="${xml(s.reason)}"/>\n    </testcase>`),
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}
