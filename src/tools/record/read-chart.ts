import * as z from 'zod';
import { precisionOf } from '../../evidence/index.ts';
import { defineTool } from '../tool.ts';
import { allergies } from './chart/allergies.ts';
import { conditions } from './chart/conditions.ts';
import { encounters } from './chart/encounters.ts';
import { medications } from './chart/medications.ts';
import type { Section } from './chart/section.ts';

const SECTIONS = { conditions, medications, allergies, encounters } satisfies Record<string, Section>;

const time = z
  .string()
  .refine((text) => precisionOf(text) !== null, 'an ISO 8601 date or time, such as 2166-08-26 or 2166-08-26T12:00:00-04:00');

export const readChart = defineTool({
  name: 'read_chart',
  title: 'Read a section of the chart',
  description:
    'Reads one section of the chart. conditions: diagnoses and problems with status and dates. medications: orders, what is reported as taken, and ' +
    'charted doses (given, held, refused, not given), with the last dose given and the number of doses for each drug. allergies: with reactions; ' +
    '"no known allergy" only if recorded. encounters: hospital, emergency and ICU stays, visits, wards, length of stay. ' +
    'Diagnoses whose name tells of the family, the past, screening or risk say so in whose, history or mentionedAs. ' +
    'Use about for one drug (with its route or form: heparin drip), drug class, diagnosis, ward or kind of stay. Not for results, vital signs or notes.',
  needsPatient: true,
  input: z.strictObject({
    section: z.enum(['conditions', 'medications', 'allergies', 'encounters']).describe('The part of the chart.'),
    about: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('A name, class, abbreviation or code: warfarin, anticoagulant, CKD, N18, ICU.'),
    from: time.optional().describe('Only what touches the time from here on (ISO 8601).'),
    to: time.optional().describe('Only what touches the time up to here (ISO 8601).'),
    status: z
      .enum(['active', 'all'])
      .optional()
      .describe(
        'active: in force at the as-of time (current medications, active problems, current stay); what is over is told by its completeness. Default all.',
      ),
  }),
  run: ({ section, about, from, to, status }, context) =>
    SECTIONS[section](context, { about: about ?? null, from: from ?? null, to: to ?? null, status: status ?? 'all' }),
});
