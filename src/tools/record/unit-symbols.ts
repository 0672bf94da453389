// How a UCUM code is written for a reader, where the record gives the code alone. Symbols after UCUM 2.2 (ucum.org), table "print symbol".

const SYMBOLS: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[oz_av]': 'oz',
  '[in_i]': 'in',
  '[ft_i]': 'ft',
  'mm[Hg]': 'mmHg',
  'cm[H2O]': 'cmH2O',
  '[iU]': 'IU',
  '[IU]': 'IU',
  '[drp]': 'drops',
  meq: 'mEq',
  ug: 'µg',
  uL: 'µL',
  umol: 'µmol',
  deg: '°',
  a: 'years',
  mo: 'months',
  wk: 'weeks',
  '1': '',
};

/** `{tbl}/d` as `tbl/d`, `ug/kg/min` as `µg/kg/min`, `10*3/uL` as `10^3/µL`; a code without a symbol stays as it is. */
export function unitSymbol(ucum: string): string | null {
  const written = ucum
    .split('/')
    .map(
      (part) =>
        SYMBOLS[part] ??
        part
          .replace(/^m\[(iU|IU)\]/, 'mIU')
          .replace(/[{}]/g, '')
          .replace(/^10\*/, '10^'),
    )
    .join('/');
  return written === '' ? null : written;
}
