// FHIR R4 issue-severity and issue-type decide; free text only helps to name a parameter that we asked for ourselves.
import type { OperationOutcome } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { judge } from './outcome.ts';

const ASKED = ['patient', 'code', 'date'];
const outcome = (severity: string, code: string, more: object = {}) =>
  ({ resourceType: 'OperationOutcome', issue: [{ severity, code, ...more }] }) as OperationOutcome;

it.each([
  ['error', 'not-supported', 'not_understood'],
  ['error', 'invalid', 'not_understood'],
  ['fatal', 'value', 'not_understood'],
  ['error', 'forbidden', 'not_authorised'],
  ['error', 'expired', 'not_authorised'],
  ['error', 'timeout', 'failed'],
  ['fatal', 'exception', 'failed'],
  ['error', 'too-costly', 'failed'],
  ['warning', 'processing', 'warning'],
  ['information', 'informational', 'fine'],
])('%s %s is %s', (severity, code, kind) => {
  expect(judge(outcome(severity, code), ASKED)).toMatchObject({ kind, parameters: [] });
});

it.each([
  [{ expression: ['http.code'] }, ['code']],
  [{ location: ['date'] }, ['date']],
  [{ diagnostics: 'Unknown search parameter "code" for resource type Observation. Valid are: [_id, date, patient]' }, ['code']],
  [{ diagnostics: 'Observation has no search parameter date here; it has _id, code, patient.' }, ['date']],
  [{ details: { text: 'The date parameter is not supported with code' } }, ['date']],
  [{ diagnostics: 'bad date' }, ['date']],
  [{ diagnostics: 'bad date or code' }, []],
  [{ diagnostics: 'encode update patients' }, []],
])('%j names %j', (more, parameters) => {
  expect(judge(outcome('error', 'not-supported', more), ASKED).parameters).toEqual(parameters);
});

it('a warning that a parameter was not used is not understood; one that merely holds the word is a warning', () => {
  expect(judge(outcome('warning', 'not-supported', { diagnostics: 'Ignored parameter code' }), ASKED).kind).toBe('not_understood');
  expect(judge(outcome('warning', 'processing', { diagnostics: 'The code was displayed' }), ASKED).kind).toBe('warning');
});

it.each([{}, { issue: null }, { issue: [{}] }, { issue: [{ severity: 'error', code: '<script>' }] }])(
  '%j is judged without failing',
  (body) => {
    expect(judge(body as OperationOutcome, ASKED).code).toMatch(/^[a-z-]+$/);
  },
);
