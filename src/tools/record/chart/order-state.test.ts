import type { MedicationRequest } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { orderState } from './order-state.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const order = (rest: Partial<MedicationRequest>): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id: 'o',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  authoredOn: '2023-05-01T08:00:00Z',
  ...rest,
});
const valid = (start: string, end?: string) => ({ dispenseRequest: { validityPeriod: { start, ...(end ? { end } : {}) } } });
const stateOf = (rest: Partial<MedicationRequest>, stayEnd: string | null = null) => orderState(order(rest), AS_OF, stayEnd).state;

describe('an order at the as-of time', () => {
  test.each([
    ['active without a period is active', {}, 'active'],
    ['active within its validity is active', valid('2023-05-01', '2023-06-01'), 'active'],
    ['active whose validity has ended is not in force', valid('2023-04-01', '2023-05-09'), 'validity ended'],
    ['a validity that ends on the as-of day still holds', valid('2023-04-01', '2023-05-10'), 'active'],
    ['that begins later has not started', valid('2023-05-11', '2023-06-01'), 'not yet started'],
    ['stopped is stopped', { status: 'stopped' }, 'stopped'],
    [
      'stopped with validity left is stopped when nothing says that the record is younger',
      { status: 'stopped', ...valid('2023-05-01', '2024-05-01') },
      'stopped',
    ],
    ['completed is completed', { status: 'completed' }, 'completed'],
    ['on hold is on hold', { status: 'on-hold' }, 'on hold'],
    ['cancelled is cancelled', { status: 'cancelled', ...valid('2023-05-01', '2023-06-01') }, 'cancelled'],
    ['a draft is none in force', { status: 'draft' }, 'draft'],
    ['of unknown status without a period is not told', { status: 'unknown' }, 'not told'],
    ['of unknown status within its period is active', { status: 'unknown', ...valid('2023-05-01', '2023-05-12') }, 'active'],
    ['a plan is not an order', { intent: 'plan' }, 'not an order'],
    ['that forbids is "do not give"', { doNotPerform: true }, 'do not give'],
  ] as [string, Partial<MedicationRequest>, string][])('%s', (_title, rest, state) => {
    expect(stateOf(rest)).toBe(state);
  });

  test('takes the bounds of the dosage where there is no validity', () => {
    const bounds = (end: string) => ({ dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2023-05-01', end } } } }] });
    expect(stateOf(bounds('2023-05-05'))).toBe('validity ended');
    expect(stateOf(bounds('2023-05-20'))).toBe('active');
  });

  test('a status written after the as-of time does not count: the period decides', () => {
    const later = { status: 'completed' as const, ...valid('2023-05-09T08:00:00Z', '2023-05-12T08:00:00Z') };
    // The stay's end lies after the as-of time, so the record was written after it.
    expect(orderState(order(later), AS_OF, '2023-05-15T10:00:00Z')).toEqual({ state: 'active', fromLaterVersion: true });
    expect(orderState(order({ ...later, meta: { lastUpdated: '2023-05-20T00:00:00Z' } }), AS_OF, null).state).toBe('active');
    // A version of before the as-of time is believed, whatever the stay says.
    expect(orderState(order({ ...later, meta: { lastUpdated: '2023-05-10T00:00:00Z' } }), AS_OF, '2023-05-15T10:00:00Z').state).toBe(
      'completed',
    );
  });

  test('a later status without a period tells nothing of the as-of time', () => {
    expect(stateOf({ status: 'stopped' }, '2023-05-15T10:00:00Z')).toBe('not told');
  });

  test('an order that ended before the as-of time keeps its status', () => {
    const ended = { status: 'completed' as const, ...valid('2023-05-02T08:00:00Z', '2023-05-03T08:00:00Z') };
    expect(orderState(order(ended), AS_OF, '2023-05-15T10:00:00Z')).toEqual({ state: 'completed', fromLaterVersion: false });
  });
});
