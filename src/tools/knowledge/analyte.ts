// What a laboratory test or a vital sign is: its names, LOINC codes by specimen, canonical unit, and what its conversion needs.

/** Specimens as LOINC's System axis tells them apart, in words. */
export const SPECIMENS = {
  S: 'serum or plasma',
  P: 'plasma',
  B: 'blood',
  A: 'arterial blood',
  V: 'venous blood',
  C: 'capillary blood',
  U: 'urine',
  F: 'stool',
  X: 'cerebrospinal fluid',
  L: 'pleural fluid',
  T: 'peritoneal fluid',
  J: 'synovial fluid',
  D: 'body fluid',
  M: 'bone marrow',
  N: 'none',
} as const;
export type Specimen = (typeof SPECIMENS)[keyof typeof SPECIMENS];

type LoincCode = { code: string; specimen: Specimen; method: string | null };

export type Analyte = {
  /** Stable key, as in `qualifiers.analyte`: `creatinine`, `urine-sodium`, `csf-glucose`. */
  key: string;
  /** As a reader reads it: `Creatinine`, `Urine sodium`, `INR`. */
  name: string;
  kind: 'lab' | 'vital';
  /** Matched as whole words without regard to case. The name is one of them. */
  synonyms: readonly string[];
  /** Short words that mean this only as written: `K`, `Na`, `PT`. */
  exact: readonly string[];
  loinc: readonly LoincCode[];
  /** Where a source names no specimen. */
  specimen: Specimen;
  /** Canonical UCUM unit, `1` where it has none; null where results are words. */
  unit: string | null;
  /** g/mol, of what the amount of substance counts (urea nitrogen: two N; phosphate: P; haemoglobin: the monomer). */
  molarMass?: number;
  /** Charges an ion: mEq = mmol times this. */
  valence?: number;
  /** Outside these (canonical unit) a value and its unit contradict each other in any living patient. */
  plausible?: readonly [low: number, high: number];
  /** A result without a unit is read in this one (pH, INR, GCS). */
  unitless?: boolean;
  /** Looked for when this one is not recorded; returned under its own name. */
  instead?: readonly string[];
  /** Sources file it under the LOINC codes of this wider analyte too: there the label tells the two apart. */
  refines?: string;
};

export type Extra = Partial<
  Pick<Analyte, 'exact' | 'molarMass' | 'valence' | 'plausible' | 'unitless' | 'instead' | 'refines' | 'specimen'>
>;

/**
 * One row of a table.
 * @param loinc `S:2160-0 B:38483-4 S:13457-7=calculated`: specimen letter, code, and the method where codes differ by it (`_` for a blank)
 * @param synonyms separated by `|`
 */
export function analyte(key: string, name: string, unit: string | null, loinc: string, synonyms: string, extra: Extra = {}): Analyte {
  const codes = loinc
    .split(' ')
    .filter((text) => text !== '')
    .map((text): LoincCode => {
      const [, letter, code, method] = /^([A-Z]):([0-9]+-[0-9])(?:=(.+))?$/.exec(text) ?? [];
      if (letter === undefined || code === undefined || !(letter in SPECIMENS)) throw new Error(`${key}: ${text} is no LOINC entry`);
      return { code, specimen: SPECIMENS[letter as keyof typeof SPECIMENS], method: method?.replaceAll('_', ' ') ?? null };
    });
  return {
    key,
    name,
    kind: 'lab',
    synonyms: [...new Set([name.toLowerCase(), ...synonyms.split('|').filter((s) => s !== '')])],
    exact: [],
    loinc: codes,
    specimen: codes[0]?.specimen ?? SPECIMENS.S,
    unit,
    ...extra,
  };
}
