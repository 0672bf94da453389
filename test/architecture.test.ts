// The directions of design.md, and the one home of each outside library. Reads import lines as text, so that nothing can hide behind a cycle.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const SKIP = new Set(['node_modules', '.git', '.data', '.venv', 'coverage', 'data']);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        entry.name.endsWith('.ts') &&
        !relative(root, entry.parentPath)
          .split('/')
          .some((part) => SKIP.has(part)),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** Every static and dynamic import of a file: a path from the root for ours, the specifier for outside ones. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|import\(\s*'([^']+)'/g),
  ].map((m) => m[1] ?? m[2] ?? m[3]!);
  return specifiers.map((s) => (s.startsWith('.') ? relative(root, resolve(root, dirname(file), s)).replaceAll('\\', '/') : s));
}

const all = ['src', 'test', 'evals', 'demo', 'bench', 'examples'].flatMap(sources);
const product = all.filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'));
const imports = new Map(all.map((file) => [file, importsOf(file)]));
/** `src/tools/record/x.ts` belongs to room `tools`. */
const room = (path: string) => /^src\/([^/.]+)(?:\/|\.ts$)/.exec(path)?.[1] ?? null;

// evidence ← {store, tools} ← audit ← {agent, mcp} ← server ← cli; errors and config are read by all but evidence.
const MAY_IMPORT: Record<string, string[]> = {
  evidence: [],
  errors: [],
  config: ['errors', 'evidence'],
  store: ['evidence', 'errors', 'config'],
  tools: ['evidence', 'errors', 'config'],
  audit: ['evidence', 'errors', 'config', 'store', 'tools'],
  agent: ['evidence', 'errors', 'config', 'store', 'tools', 'audit'],
  mcp: ['evidence', 'errors', 'config', 'store', 'tools', 'audit'],
  server: ['evidence', 'errors', 'config', 'store', 'tools', 'audit', 'agent', 'mcp'],
  cli: ['evidence', 'errors', 'config', 'store', 'tools', 'audit', 'agent', 'mcp', 'server'],
};

const HOME: [library: RegExp, home: RegExp][] = [
  [/^fhir-kit-client/, /^src\/tools\/record\/fhir\//],
  [/^dicom-parser/, /^src\/tools\/imaging\/dicom\//],
  [/^@gmod\//, /^src\/tools\/genomics\/vcf\//],
  [/^onnxruntime-node/, /^src\/tools\/onnx\//],
  [/^(langchain|@langchain)(\/|$)/, /^src\/agent\//],
  [/^@modelcontextprotocol\//, /^src\/mcp\//],
  [/^(hono|@hono)(\/|$)/, /^src\/(server|tools\/record\/fhir\/embedded)\//],
  [/^@lhncbc\/ucum-lhc/, /^src\/tools\/record\//],
  [/^chrono-node/, /^src\/agent\/reader\//],
];

test('the test sees the house: every room has files, and imports were found', () => {
  for (const name of Object.keys(MAY_IMPORT))
    expect(
      product.some((file) => room(file) === name),
      `no file in src/${name}`,
    ).toBe(true);
  expect([...imports.values()].flat().length).toBeGreaterThan(200);
});

test('every arrow between rooms points as design.md draws it', () => {
  const wrong: string[] = [];
  for (const file of product) {
    const from = room(file)!;
    for (const target of imports.get(file)!) {
      const to = room(target);
      if (to !== null && to !== from && !MAY_IMPORT[from]?.includes(to)) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('src never imports evals, demo, bench, examples or test', () => {
  const wrong = product.flatMap((file) =>
    imports
      .get(file)!
      .filter((target) => /^(evals|demo|bench|examples|test)\//.test(target))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('every outside library has its one home', () => {
  const wrong = product.flatMap((file) =>
    imports
      .get(file)!
      .flatMap((target) => HOME.filter(([library, home]) => library.test(target) && !home.test(file)).map(() => `${file} → ${target}`)),
  );
  expect(wrong).toEqual([]);
});

test('no file of the product is called utils, helpers, common, manager or service', () => {
  expect(product.filter((file) => /(^|\/)(utils?|helpers?|common|manager|service)s?(\.|\/)/.test(file))).toEqual([]);
});

test('no import cycle runs through the product', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    // Types are erased: only what runs can make a cycle that hurts.
    for (const target of runtimeImportsOf(file)) if (imports.has(target)) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of product) visit(file, []);
  expect(cycles).toEqual([]);
});

function runtimeImportsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = [...text.matchAll(/(?:^|\n)\s*((?:import|export)\s(?!type\b)[^'";]*?)from\s*'([^']+)'/g)];
  const running = statements.filter(([, clause]) => !/^\w+\s*\{(\s*type\s+\w+(\s+as\s+\w+)?\s*,?)+\s*\}\s*$/.test(clause!));
  return running
    .map((m) => m[2]!)
    .filter((s) => s.startsWith('.'))
    .map((s) => relative(root, resolve(root, dirname(file), s)).replaceAll('\\', '/'));
}
