// Words that speak of all that there is: none, no, never, last, latest, first, only, still, always, all. They rest on a complete reading.
import type { Completeness, Evidence } from '../../evidence/index.ts';

const UNIT =
  '(?:\\d+(?:\\.\\d+)?|few|couple of|several|two|three|four|five|six|seven|ten|twelve|twenty[- ]?\\w*)?\\s*-?(?:second|minute|hour|day|week|month|year|night|shift|h|hrs?|d)s?\\b';
/** "at all", "at last", "first name", "the last 24 hours" say nothing of a set; "/min" is a unit. */
const INNOCENT = new RegExp(
  `\\/\\s?min\\b|\\b(?:at all|at last|at first|first name|last name|after all|above all|overall|first[- ]line|first of all|no\\.\\s*\\d)\\b|\\b(?:last|past|first|latest)\\s+${UNIT}|\\b(?:every|each|all)\\s+(?:other\\s+)?(?:${UNIT}|morning|evening|bedtime|meal)`,
  'gi',
);
const NEGATION =
  /\b(?:none|no|never|nothing|nobody|without|neither|nil|absence of|(?:not|isn't|wasn't|weren't|aren't) (?:yet |been |currently )*(?:recorded|documented|found|charted|listed|known|on file|present|seen|measured|given|taken|prescribed|ordered|administered)|has not|have not|had not|hasn't|haven't|did not|didn't|does not have|negative for|free of|absent)\b/gi;
const ORDER =
  /\b(?:last|latest|newest|most recent|most recently|first|earliest|oldest|initial|highest|lowest|maximum|minimum|peak|nadir|max|min)\b/gi;
const QUANTITY = /\b(?:only|sole|solely|just one|single|still|always|every|all|any longer|ongoing|continuous\w*|ever|to date|so far)\b/gi;

/** What one cited item lacks is told by the item itself: no completeness is needed to say that its date is not recorded. */
const PROPERTIES: [RegExp, (e: Evidence) => boolean][] = [
  [/\b(?:has|have|with) no result(?: yet)?\b|\bno result yet\b/g, (e) => e.status === 'pending' || e.status === 'registered'],
  [/\b(?:without (?:a|its|any) |no )(?:reference )?range\b/g, (e) => e.referenceRange === undefined],
  [/\b(?:without (?:a|its|any) |no )unit\b/g, (e) => e.value?.type === 'quantity' && e.value.unit === null],
  [
    /\b(?:without (?:a|its|any) |no )(?:value|number)\b/g,
    (e) => e.value === undefined || e.value.type === 'absent' || e.value.type === 'text',
  ],
  [
    /\b(?:without (?:a|its|any)(?: \w+)? (?:date|time)|(?:date|time|onset|end|start) (?:is |was )?not recorded|no (?:date|time))\b/g,
    (e) => e.time === undefined || e.time.start === null || (e.time.kind === 'period' && e.time.end === null),
  ],
  ...['reaction', 'reason', 'ward', 'severity', 'route', 'dose', 'specimen', 'method', 'frequency', 'criticality', 'location'].map(
    (name): [RegExp, (e: Evidence) => boolean] => [
      new RegExp(`\\b(?:without (?:a|its|any) ${name}|${name} (?:is |was )?not (?:recorded|stated)|no ${name})\\b`, 'g'),
      (e) =>
        e.qualifiers?.[name] === undefined &&
        (e.components ?? []).every((c) => !c.name.startsWith(name)) &&
        (name !== 'dose' || e.value === undefined),
    ],
  ),
];

export type SetProblem = { reason: string; kind: 'set_word' };

/** @param recorded words of the cited evidence, normal and lower-case: what is recorded in these words needs no completeness. */
export function checkSetWords(
  text: string,
  kind: string,
  evidence: readonly Evidence[],
  completeness: readonly Completeness[],
  recorded: string,
): SetProblem | null {
  let plain = text.toLowerCase().replace(INNOCENT, ' ');
  for (const [said, lacks] of PROPERTIES) if (evidence.some(lacks)) plain = plain.replace(said, ' ');
  const negations = [...plain.matchAll(NEGATION)].filter((m) => !isRecorded(plain, m.index, m[0], recorded));
  // A calculation names its parts (first, last, maximum, baseline): it still needs its reading, but "last" in a concept's name does not.
  const orders = [
    ...[...plain.matchAll(ORDER)].filter((m) => !isRecorded(plain, m.index, m[0], conceptNames(evidence))),
    ...[...plain.matchAll(QUANTITY)].filter((m) => !isRecorded(plain, m.index, m[0], recorded)),
  ];
  if (negations.length === 0 && orders.length === 0) return null;
  const word = (negations[0] ?? orders[0])![0];
  if (completeness.length === 0) return { reason: `“${word}” cites no completeness.`, kind: 'set_word' };
  if (kind === 'limit') return null; // it tells how far was read
  if (!completeness.some((c) => c.status === 'complete'))
    return { reason: `“${word}” rests on a reading that is not complete.`, kind: 'set_word' };
  if (completeness.some((c) => c.status === 'partial' || c.status === 'unavailable'))
    return { reason: `“${word}” rests in part on a reading that is not complete.`, kind: 'set_word' };
  if (negations.length > 0 && evidence.length === 0 && completeness.every((c) => c.found > 0))
    return { reason: `“${word}” is said where something was found.`, kind: 'set_word' };
  return null;
}

const conceptNames = (evidence: readonly Evidence[]) => evidence.map((e) => e.concept.name.toLowerCase()).join(' ; ');

/** Whether the record itself says it: the word with the one beside it, or the whole phrase, stands in the recorded words. */
function isRecorded(text: string, at: number, word: string, recorded: string): boolean {
  if (word.includes(' ')) return recorded.includes(word);
  const bare = (t: string) => t.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const next = bare(text.slice(at + word.length)).split(' ')[0];
  const before = bare(text.slice(0, at)).split(' ').at(-1);
  const words = ` ${bare(recorded)} `;
  return (next !== '' && words.includes(` ${word} ${next} `)) || (before !== '' && words.includes(` ${before} ${word} `));
}
