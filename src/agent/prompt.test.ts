import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readPrompt, situationInWords } from './prompt.ts';

test('the prompt has a name and a version, and its hash follows its text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prompt-'));
  const hashOf = (text: string) => {
    writeFileSync(join(folder, 'p.md'), text);
    return readPrompt(pathToFileURL(join(folder, 'p.md')));
  };
  const one = hashOf('---\nname: p\nversion: 2\n---\nSay little.\n');
  expect(one).toMatchObject({ name: 'p', version: '2', text: 'Say little.' });
  expect(hashOf('---\r\nname: p\r\nversion: 2\r\n---\r\nSay little.\r\n').hash).toBe(one.hash);
  expect(hashOf('---\nname: p\nversion: 2\n---\nSay less.\n').hash).not.toBe(one.hash);
  expect(() => hashOf('Say little.')).toThrow(/front matter/);
  rmSync(folder, { recursive: true });
});

test('the prompt of the house can be read', () => {
  expect(readPrompt()).toMatchObject({ name: 'copilot', text: expect.stringContaining('data from the record') });
});

test('the situation tells age and sex at the as-of time', () => {
  const patient = { id: 'p1', ids: ['p1'], identifier: '1', name: 'Ann Holloway', birthDate: '2100-08-27', sex: 'female' };
  expect(situationInWords('2166-08-26T12:00:00-04:00', patient)).toBe(
    'As of 2166-08-26T12:00:00-04:00. The patient: female, 65 years old.',
  );
  expect(situationInWords('2166-08-26T12:00:00-04:00', { ...patient, birthDate: null, sex: null })).toContain(
    'sex not recorded, age not recorded',
  );
});
