// What the parts of a report share: the read, the window, the patient's state, the tables.
import type { Observation } from 'fhir/r4.js';
import type { PatientLock } from '../../../evidence/index.ts';
import type { Knowledge } from '../../knowledge/index.ts';
import type { ToolContext } from '../../tool.ts';
import type { PatientStatus } from '../patient-status.ts';
import type { Read } from '../read.ts';
import type { HospitalStays, Stay } from '../stays.ts';
import type { Item } from './item.ts';

export type Window = { from: string | null; to: string | null; stay: Stay | null; isOpen: boolean; holds: (item: Item) => boolean };

export type About = {
  context: ToolContext;
  kind: 'lab' | 'vital';
  read: Read<Observation>;
  window: Window;
  status: PatientStatus;
  birthDate: string | null;
  /** Null when the encounters could not be read completely. */
  stays: HospitalStays | null;
  knowledge: Knowledge;
  /** UCUM of the unit asked for, and as asked. */
  unit: { ucum: string; text: string } | null;
};

/** What of a read belongs to one analyte. */
export type Mine = {
  items: Item[];
  enteredInError: Observation[];
  unreadable: Observation[];
  later: number;
  /** Results of the window that were computed, not recorded (totals of the coma scale). */
  computed: number;
};

/** The birth date as recorded, or as the lock knows it. */
export const birthDateOf = (status: PatientStatus, lock: PatientLock): string | null =>
  status.patients.find((p) => p.birthDate !== undefined)?.birthDate ?? lock.birthDate;
