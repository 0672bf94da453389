// Whether an order was in force at the as-of time, from its status, its periods and how old the record's version of it is.
import type { MedicationRequest } from 'fhir/r4.js';
import { endOf, offsetOf, startOf } from '../../../evidence/index.ts';

type OrderState =
  | 'active'
  | 'not yet started'
  | 'validity ended'
  | 'stopped'
  | 'completed'
  | 'on hold'
  | 'cancelled'
  | 'draft'
  | 'not an order'
  | 'do not give'
  | 'not told';

export type OrderPeriod = { start: string | null; end: string | null };

/** The period that the order itself states: the prescription's validity, else the bounds of its dosage. */
export function periodOf(order: MedicationRequest): OrderPeriod {
  const validity = order.dispenseRequest?.validityPeriod;
  const bounds = order.dosageInstruction?.map((d) => d.timing?.repeat?.boundsPeriod).find((p) => p !== undefined);
  return { start: validity?.start ?? bounds?.start ?? null, end: validity?.end ?? bounds?.end ?? null };
}

const BY_STATUS: Record<MedicationRequest['status'], OrderState> = {
  active: 'active',
  'on-hold': 'on hold',
  cancelled: 'cancelled',
  completed: 'completed',
  'entered-in-error': 'cancelled',
  stopped: 'stopped',
  draft: 'draft',
  unknown: 'not told',
};

export type StateAtTime = {
  state: OrderState;
  /** The record's version is later than the as-of time: its status and end are not yet known then. */
  fromLaterVersion: boolean;
};

/**
 * @param stayEnd the recorded end of the encounter that the order belongs to. When it lies after the as-of time, the record
 *   was written after it too, and a status `stopped` or `completed` says nothing of the as-of time: the period decides.
 */
export function orderState(order: MedicationRequest, asOf: string, stayEnd: string | null): StateAtTime {
  const limit = startOf(asOf);
  const offset = offsetOf(asOf) ?? 'Z';
  if (order.doNotPerform === true) return { state: 'do not give', fromLaterVersion: false };
  if (order.intent === 'proposal' || order.intent === 'plan' || order.intent === 'option')
    return { state: 'not an order', fromLaterVersion: false };
  const byStatus = BY_STATUS[order.status] ?? 'not told';
  if (byStatus === 'cancelled' || byStatus === 'draft') return { state: byStatus, fromLaterVersion: false };
  const { start, end } = periodOf(order);
  const updated = order.meta?.lastUpdated;
  const fromLaterVersion = updated !== undefined ? startOf(updated) > limit : stayEnd !== null && startOf(stayEnd, offset) > limit;
  if (start !== null && startOf(start, offset) > limit) return { state: 'not yet started', fromLaterVersion };
  const ended = end !== null && endOf(end, offset) <= limit;
  if (byStatus === 'active') return { state: ended ? 'validity ended' : 'active', fromLaterVersion };
  if (ended) return { state: byStatus === 'not told' ? 'validity ended' : byStatus, fromLaterVersion: false };
  if (!fromLaterVersion) return { state: byStatus === 'not told' && end !== null ? 'active' : byStatus, fromLaterVersion };
  return { state: end !== null ? 'active' : 'not told', fromLaterVersion };
}
