// Security labels of what was read (FHIR R4 security-labels.html): a reader must know that an item is specially protected.
import type { Resource } from 'fhir/r4.js';
import { type Evidence, type Flag, makeFlag } from '../../evidence/index.ts';

/** v3-Confidentiality: restricted and very restricted. */
const CONFIDENTIALITY: Record<string, string> = { R: 'restricted', V: 'very restricted' };
/** v3-ActCode, information sensitivity (ActInformationSensitivityPolicy), without those of employees and celebrities' demographics. */
const SENSITIVITY: Record<string, string> = {
  BH: 'behavioural health',
  CEL: 'celebrity',
  DIA: 'diagnosis',
  ETH: 'substance use',
  ETHUD: 'alcohol use disorder',
  GDIS: 'genetic disease',
  HIV: 'HIV',
  MH: 'mental health',
  OPIOIDUD: 'opioid use disorder',
  PSY: 'psychiatry',
  PSYTHPN: 'psychotherapy note',
  SCA: 'sickle cell anaemia',
  SDV: 'sexual assault, abuse or domestic violence',
  SEX: 'sexuality and reproductive health',
  SICKLE: 'sickle cell',
  STD: 'sexually transmitted disease',
  SUD: 'substance use disorder',
  TABOO: 'taboo',
  VIP: 'very important person',
};

function restrictionsOf(resource: Resource): string[] {
  return (resource.meta?.security ?? []).flatMap(({ system, code, display }) => {
    if (code === undefined) return [];
    const words = /Confidentiality/i.test(system ?? '')
      ? CONFIDENTIALITY[code]
      : system === undefined
        ? (CONFIDENTIALITY[code] ?? SENSITIVITY[code])
        : /ActCode/i.test(system)
          ? SENSITIVITY[code]
          : undefined;
    return words === undefined ? [] : [display === undefined ? words : display.toLowerCase()];
  });
}

/** One flag for each label; `pairs` are the resources read and the evidence made of each. */
export function restrictedFlags(pairs: readonly (readonly [resource: Resource, evidence: Evidence])[]): Flag[] {
  const byLabel = new Map<string, Evidence[]>();
  for (const [resource, evidence] of pairs)
    for (const label of restrictionsOf(resource)) byLabel.set(label, [...(byLabel.get(label) ?? []), evidence]);
  return [...byLabel].map(([label, items]) =>
    makeFlag({
      kind: 'restricted',
      text:
        items.length === 1
          ? `${items[0]!.concept.name} bears the security label “${label}”.`
          : `${items.length} items of this answer bear the security label “${label}”.`,
      citations: items.map((e) => e.id),
    }),
  );
}
