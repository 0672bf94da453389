import { expect, test } from 'vitest';
import { describeOptions, nearest, parseOptions } from './options.ts';

const TABLE = { patient: { type: 'string', describe: 'who', value: 'P' }, json: { type: 'boolean', describe: 'JSON' } } as const;

test('options and positionals are told apart, and -- ends the options', () => {
  expect(parseOptions('ask', ['What?', '--patient', '12', '--json'], TABLE)).toEqual({
    values: { patient: '12', json: true },
    positionals: ['What?'],
  });
  expect(parseOptions('ask', ['--patient=12', '--', '--json'], TABLE)).toEqual({ values: { patient: '12' }, positionals: ['--json'] });
});

test('an unknown option is refused by name, with the nearest known one', () => {
  expect(() => parseOptions('ask', ['--pateint', '12'], TABLE)).toThrow('ask has no option --pateint; did you mean --patient?');
  expect(() => parseOptions('ask', ['--zzzzzzzz'], TABLE)).toThrow(/^ask has no option --zzzzzzzz$/);
  expect(() => parseOptions('ask', ['-x'], TABLE)).toThrow('ask has no option -x');
});

test('a value that is missing, given twice, or given to a switch is refused', () => {
  expect(() => parseOptions('ask', ['--patient'], TABLE)).toThrow('--patient needs a value');
  expect(() => parseOptions('ask', ['--patient', '--json'], TABLE)).toThrow('--patient needs a value');
  expect(() => parseOptions('ask', ['--patient', '1', '--patient', '2'], TABLE)).toThrow('--patient is given twice');
  expect(() => parseOptions('ask', ['--json=yes'], TABLE)).toThrow('--json takes no value');
});

test('help lists every option', () => {
  expect(describeOptions(TABLE).split('\n')).toHaveLength(3);
  expect(nearest('inspekt', ['inspect', 'ask'])).toBe('inspect');
  expect(nearest('quux', ['inspect', 'ask'])).toBeNull();
});
