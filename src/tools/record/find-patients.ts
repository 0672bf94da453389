// find_patients: who can be asked about. Offered over MCP where nothing else fixes the patient (contract.md, MCP).
import * as z from 'zod';
import { type Evidence, makeCompleteness, makeEvidence, precisionOf } from '../../evidence/index.ts';
import { defineTool } from '../tool.ts';
import { type FoundPatient, searchPatients } from './fhir/patient-list.ts';
import { fhirSource } from './read.ts';

export const findPatients = defineTool({
  name: 'find_patients',
  title: 'Find patients',
  description:
    'Finds patients of the record by name or identifier, optionally with birth date; returns name, birth date, sex and identifier of each. ' +
    'Use it to learn whom can be asked about, then select one. Gives no clinical data. Several patients may share a name: compare birth dates.',
  needsPatient: false,
  input: z.strictObject({
    query: z.string().max(200).describe('Name, part of a name, or identifier. Empty lists the first patients.'),
    birth_date: z
      .string()
      .refine((text) => precisionOf(text) !== null && text.length <= 10, 'must be YYYY-MM-DD, YYYY-MM or YYYY')
      .optional()
      .describe('Birth date: YYYY-MM-DD, YYYY-MM or YYYY.'),
  }),
  run: async ({ query, birth_date }, { sources, signal, asOf }) => {
    const source = sources.record;
    const found = await searchPatients(source, query, birth_date ?? null, signal);
    const completeness = makeCompleteness({
      what: 'patients',
      source: source.server,
      window: [null, asOf],
      status: found.status,
      read: found.read,
      found: found.patients.length,
      later: 0,
      reason: found.reason,
    });
    return { evidence: found.patients.map((patient) => statement(source.server, patient)), completeness: [completeness], flags: [] };
  },
});

function statement(server: string, { patient, lock }: FoundPatient): Evidence {
  const text = (name: string, value: string | null) => ({
    name,
    value: value === null ? ({ type: 'absent', reason: 'not recorded' } as const) : ({ type: 'text', text: value } as const),
  });
  return makeEvidence({
    kind: 'statement',
    patient: lock.id,
    concept: { name: 'Patient', codings: [] },
    value: lock.name === null ? { type: 'absent', reason: 'not recorded' } : { type: 'text', text: lock.name },
    components: [
      lock.birthDate === null ? text('birth date', null) : { name: 'birth date', value: { type: 'time', time: lock.birthDate } },
      text('sex', lock.sex),
      text('identifier', lock.identifier),
      text('id', lock.id),
      ...(lock.ids.length > 1 ? [text('linked records', lock.ids.filter((id) => id !== lock.id).join(', '))] : []),
    ],
    ...(patient.active === false ? { status: 'inactive' } : {}),
    source: fhirSource(server, patient),
  });
}
