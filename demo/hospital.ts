// The demo hospital: its own date, and its patients. A new patient is one file under patients/ and one line here.
import { crc32, deflateRawSync } from 'node:zlib';
import type { Chart } from './chart.ts';
import { at } from './clock.ts';
import { dirty } from './patients/dirty.ts';
import { kidney } from './patients/kidney.ts';
import { namesake } from './patients/namesake.ts';

export const HOSPITAL = { asOf: at('2026-03-17', '10:00'), name: 'Hospital of Invented Patients' };

const PATIENTS: readonly (() => Chart)[] = [kidney, dirty, namesake];

/** A gzip member (RFC 1952) with no time, no name and no operating system in its header. */
export function gzip(content: string): Buffer {
  const raw = Buffer.from(content, 'utf8');
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(raw), 0);
  trailer.writeUInt32LE(raw.length % 2 ** 32, 4);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]), deflateRawSync(raw, { level: 9 }), trailer]);
}

/** File names under demo/data, with their content before compression. */
export function files(): Map<string, string> {
  const made = new Map([['hospital.json', `${JSON.stringify(HOSPITAL, null, 2)}\n`]]);
  for (const patient of PATIENTS) {
    const chart = patient();
    made.set(`${chart.key}.json.gz`, `${JSON.stringify(chart.bundle())}\n`);
  }
  return made;
}
