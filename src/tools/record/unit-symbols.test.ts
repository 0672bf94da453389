import { expect, test } from 'vitest';
import { unitSymbol } from './unit-symbols.ts';

test.each([
  ['[lb_av]', 'lb'],
  ['Cel', '°C'],
  ['mm[Hg]', 'mmHg'],
  ['ug/kg/min', 'µg/kg/min'],
  ['[iU]/h', 'IU/h'],
  ['m[iU]/L', 'mIU/L'],
  ['meq/L', 'mEq/L'],
  ['10*3/uL', '10^3/µL'],
  ['{tbl}', 'tbl'],
  ['/min', '/min'],
  ['mg', 'mg'],
  ['1', null],
])('UCUM %s is written %s', (code, symbol) => {
  expect(unitSymbol(code)).toBe(symbol);
});
