// Words of an order that are no part of a drug's name: the route, how it runs, and when it is given ("heparin drip", "PRN morphine").
import type { Evidence } from '../../../evidence/index.ts';

type Judgement = 'yes' | 'no' | 'not recorded';
type Form = { name: string; words: RegExp; judge: (e: Evidence) => Judgement };

/** The entry's own route, else its order's. */
const routeOf = (e: Evidence) => (e.qualifiers?.['route'] ?? e.qualifiers?.['orderedRoute'] ?? '').toLowerCase();
const KEYS = ['dosageText', 'instruction', 'frequency', 'method', 'category', 'asNeeded', 'ordered'];
const textOf = (e: Evidence) => [e.concept.name, ...KEYS.map((key) => e.qualifiers?.[key] ?? ''), routeOf(e)].join(' ; ').toLowerCase();

/** As an ICU's charting says it without a route: "Drug Push", "08-Antibiotics (IV)". */
const INTRAVENOUS = /(?<!non )\biv(?:pb)?\b|intraven|\bdrug push\b/;

const route =
  (recorded: RegExp, said: RegExp = recorded) =>
  (e: Evidence): Judgement =>
    said.test(textOf(e)) || recorded.test(routeOf(e)) ? 'yes' : routeOf(e) === '' && !INTRAVENOUS.test(textOf(e)) ? 'not recorded' : 'no';

const hasRate = (e: Evidence) => (e.components ?? []).some((c) => c.name === 'rate');
const hasSpan = (e: Evidence) =>
  e.kind === 'medication' && e.time?.kind === 'given' && (e.time.end !== null || 'running' in (e.qualifiers ?? {}));

const isIntravenous = route(/\biv|intraven/, INTRAVENOUS);

function isInfused(e: Evidence): Judgement {
  if (hasRate(e) || hasSpan(e) || /infus|\bdrip\b|\bgtt\b|continuous/.test(textOf(e))) return 'yes';
  if (/\bpush\b|\bbolus\b|non iv/.test(textOf(e))) return 'no';
  return isIntravenous(e) === 'no' ? 'no' : 'not recorded';
}

function isAsNeeded(e: Evidence): Judgement {
  if (/\bprn\b|as needed/.test(textOf(e))) return 'yes';
  return e.qualifiers?.['frequency'] === undefined ? 'not recorded' : 'no';
}

const FORMS: readonly Form[] = [
  { name: 'an infusion', words: /\b(?:continuous infusions?|infusions?|drips?|gtts?|continuous)\b/g, judge: isInfused },
  { name: 'intravenous', words: /\b(?:ivpb|iv|intravenous(?:ly)?)\b/g, judge: isIntravenous },
  { name: 'oral', words: /\b(?:po|oral(?:ly)?|by mouth)\b/g, judge: route(/\bpo\b|oral|mouth/) },
  { name: 'subcutaneous', words: /\b(?:sc|sq|subq|subcut|subcutaneous(?:ly)?)\b/g, judge: route(/\bs[cq]\b|subq|subcut/) },
  { name: 'intramuscular', words: /\b(?:im|intramuscular(?:ly)?)\b/g, judge: route(/\bim\b|intramusc/) },
  { name: 'inhaled', words: /\b(?:inhaled|nebs?|nebuli[sz](?:er|ers|ed))\b/g, judge: route(/\bi?nh\b|\bih\b|inhal|\bneb|respiratory/) },
  { name: 'a patch', words: /\b(?:patch(?:es)?|transdermal)\b/g, judge: route(/\btd\b|transderm|patch/) },
  { name: 'topical', words: /\b(?:topical|cream|ointment)\b/g, judge: route(/\btp\b|topical|skin|cream|ointment/) },
  { name: 'rectal', words: /\b(?:rectal(?:ly)?|suppositor(?:y|ies))\b/g, judge: route(/\bpr\b|rectal|suppositor/) },
  { name: 'sublingual', words: /\b(?:sl|sublingual(?:ly)?)\b/g, judge: route(/\bsl\b|sublingual/) },
  { name: 'nasal', words: /\b(?:nasal(?:ly)?|intranasal(?:ly)?)\b/g, judge: route(/\b(?:in|nu|nas)\b|nasal/, /nasal/) },
  {
    name: 'a bolus',
    words: /\b(?:bolus(?:es)?|push(?:es)?)\b/g,
    judge: (e) => (/\bbolus|\bpush/.test(textOf(e)) ? 'yes' : hasSpan(e) ? 'no' : 'not recorded'),
  },
  { name: 'as needed', words: /\b(?:prn|as needed)\b/g, judge: isAsNeeded },
  {
    name: 'by sliding scale',
    words: /\bsliding scale\b/g,
    judge: (e) => (/sliding|\bscale\b/.test(textOf(e)) ? 'yes' : 'not recorded'),
  },
];

export type Asked = {
  /** What is left as the drug's name; null where nothing is. */
  name: string | null;
  forms: readonly Form[];
};

export function withoutForms(about: string): Asked {
  const text = about.toLowerCase();
  const forms = FORMS.filter((form) => text.search(form.words) >= 0);
  const name = forms
    .reduce((rest, form) => rest.replace(new RegExp(form.words, 'gi'), ' '), about)
    .replace(/\s+/g, ' ')
    .trim();
  return { name: /[\p{L}\p{N}]/u.test(name) ? name : null, forms };
}

/** `no` where the record says otherwise; `not recorded` where one of the forms cannot be told. */
export function judgeForms(forms: readonly Form[], e: Evidence): Judgement {
  const all = forms.map((form) => form.judge(e));
  return all.includes('no') ? 'no' : all.includes('not recorded') ? 'not recorded' : 'yes';
}

export const formWords = (forms: readonly Form[]) => forms.map((f) => f.name).join(', ');
