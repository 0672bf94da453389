// Options of a command: an unknown one is refused by name, with the nearest known one (contract.md, Commands).
import { parseArgs } from 'node:util';
import { CopilotError } from '../errors.ts';

export type OptionTable = Record<string, { type: 'string' | 'boolean'; describe: string; value?: string }>;
export type Options<T extends OptionTable> = {
  values: { [K in keyof T]?: T[K]['type'] extends 'boolean' ? boolean : string } & { help?: boolean };
  positionals: string[];
};

/** Throws CopilotError `usage`. `--` ends the options. */
export function parseOptions<const T extends OptionTable>(command: string, argv: readonly string[], table: T): Options<T> {
  const known: OptionTable = { ...table, help: { type: 'boolean', describe: 'this text' } };
  const { tokens } = parseArgs({ args: [...argv], options: known, strict: false, tokens: true, allowPositionals: true });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known[token.name];
    if (option === undefined) {
      const near = nearest(token.name, Object.keys(known));
      throw new CopilotError('usage', `${command} has no option ${token.rawName}${near === null ? '' : `; did you mean --${near}?`}`);
    }
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw new CopilotError('usage', `${token.rawName} takes no value.`);
      values[token.name] = true;
    } else {
      if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))
        throw new CopilotError('usage', `${token.rawName} needs a value: ${option.value ?? 'TEXT'}.`);
      if (values[token.name] !== undefined) throw new CopilotError('usage', `${token.rawName} is given twice.`);
      values[token.name] = token.value;
    }
  }
  return { values: values as Options<T>['values'], positionals };
}

/** The table as help text. */
export function describeOptions(table: OptionTable): string {
  const all: OptionTable = { ...table, help: { type: 'boolean', describe: 'this text' } };
  const rows = Object.entries(all).map(([name, option]) => {
    const value = option.type === 'string' ? ` ${option.value ?? 'TEXT'}` : '';
    return [`  --${name}${value}`, option.describe] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `${left.padEnd(width)}${right}`).join('\n');
}

/** The known word nearest to what was typed, by edit distance; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(word, candidate) })).sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
