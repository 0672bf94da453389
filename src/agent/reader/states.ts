// Words for a state of the patient that is read off one measurement: febrile, hypotensive, hyperkalemic. They ask for the measurement;
// whether it makes the state is judged by the result's own range where it has one, and else left to the reader.
import { back, Clock } from './clock.ts';
import type { ConceptIndex } from './concepts.ts';
import type { Clause } from './frames/clause.ts';
import type { Need, ResultNeed, When } from './needs.ts';

type State = { name: string; side: 'high' | 'low' /** Measured so often that the extreme of the last day is meant. */; sign?: true };

const sign = (name: string, side: State['side']): State => ({ name, side, sign: true });
const lab = (name: string, side: State['side']): State => ({ name, side });

/** By the stem before the ending: -emia or -emic, -ia or -ic. */
const STATES: Record<string, State> = {
  tmax: sign('temperature', 'high'),
  tmin: sign('temperature', 'low'),
  fever: sign('temperature', 'high'),
  fevers: sign('temperature', 'high'),
  febrile: sign('temperature', 'high'),
  pyrexia: sign('temperature', 'high'),
  pyrexial: sign('temperature', 'high'),
  hypothermic: sign('temperature', 'low'),
  hypothermia: sign('temperature', 'low'),
  hypotensive: sign('systolic blood pressure', 'low'),
  hypotension: sign('systolic blood pressure', 'low'),
  hypertensive: sign('systolic blood pressure', 'high'),
  tachycardic: sign('heart rate', 'high'),
  tachycardia: sign('heart rate', 'high'),
  bradycardic: sign('heart rate', 'low'),
  bradycardia: sign('heart rate', 'low'),
  tachypneic: sign('respiratory rate', 'high'),
  tachypnea: sign('respiratory rate', 'high'),
  hypoxic: sign('spo2', 'low'),
  hypoxia: sign('spo2', 'low'),
  desaturated: sign('spo2', 'low'),
  desaturating: sign('spo2', 'low'),
  desaturation: sign('spo2', 'low'),
  desat: sign('spo2', 'low'),
  anemic: lab('hemoglobin', 'low'),
  anaemic: lab('hemoglobin', 'low'),
  thrombocytopenic: lab('platelets', 'low'),
};
const IONS: Record<string, string> = {
  kal: 'potassium',
  natr: 'sodium',
  glyc: 'glucose',
  calc: 'calcium',
  magnes: 'magnesium',
  phosphat: 'phosphate',
};
for (const [stem, name] of Object.entries(IONS))
  for (const [start, side] of [
    ['hypo', 'low'],
    ['hyper', 'high'],
  ] as const)
    for (const end of ['emia', 'emic', 'aemia', 'aemic']) STATES[`${start}${stem}${end}`] = lab(name, side);

export const STATE_WORDS = Object.keys(STATES);

/** Nouns that are diagnoses too: what is recorded as one is asked for beside the measurement. */
const isNoun = (word: string) => /(?:ia|sion|nea)$/.test(word);

const PLAIN = [
  'or',
  'fn',
  'person',
  'pronoun',
  'be',
  'have',
  'do',
  'any',
  'ever',
  'now',
  'time',
  'mark',
  'stop',
  'recent',
  'follow',
  'and',
  'sep',
  'comma',
];

export type StateAsked = { need: Need; words: string; diagnosis: boolean };

/** @returns the measurement that each bare word for a state asks for; `diagnosis` where the word is one too; null where more is said. */
export function statesOf(clause: Clause, index: ConceptIndex, asOf: string): StateAsked[] | null {
  const found = clause.items.filter((i) => i.words in STATES);
  if (found.length === 0 || clause.items.some((i) => !found.includes(i) && !i.tags.some((t) => PLAIN.includes(t)))) return null;
  const states = found.map((item) => stateOf(item.words, clause, index, asOf));
  return states.includes(null) ? null : states.filter((s) => s !== null);
}

function stateOf(words: string, clause: Clause, index: ConceptIndex, asOf: string): StateAsked | null {
  const { name, side, sign: isSign } = STATES[words]!;
  const thing = index.find(name).find((t) => t.kind === (isSign ? 'vital' : 'lab'));
  if (thing === undefined) return null;
  const asked = clause.items.find((i) => i.span !== undefined)?.span?.when ?? null;
  const ever = clause.items.some((i) => i.tags.includes('ever'));
  const when = asked ?? (isSign && !ever ? lastDay(asOf) : null);
  const extreme = when !== null || ever;
  const need: ResultNeed = {
    family: 'results',
    things: [thing],
    ask: extreme ? 'value' : 'normal',
    pick: extreme ? { type: 'extreme', which: side === 'high' ? 'highest' : 'lowest' } : { type: 'nth', n: -1 },
    picked: true,
    when,
    compare: null,
    normality: extreme ? null : side,
    unit: null,
    specimen: null,
    whole: ever,
    direction: null,
  };
  return { need, words, diagnosis: isNoun(words) && asked === null };
}

/** Up to now, as the usual time of a maximum temperature and of signs measured many times a day. */
function lastDay(asOf: string): When {
  const clock = new Clock(asOf);
  return { type: 'window', from: clock.iso(back(clock.now, 24, 'hour')), to: clock.iso(clock.now), words: 'in the last 24 hours' };
}
