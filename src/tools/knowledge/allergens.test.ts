import { expect, test } from 'vitest';
import { allergenFits, isKnownAllergen } from './allergens.ts';

test.each([
  ['Sulfamethoxazole / trimethoprim', 'sulfa'],
  ['Sulfamethoxazole / trimethoprim', 'sulfonamides'],
  ['Sulfa (Sulfonamide Antibiotics)', 'bactrim'],
  ['Bactrim', 'sulpha drugs'],
  ['Amoxicillin', 'penicillins'],
  ['Piperacillin-Tazobactam', 'penicillin'],
  ['Penicillins', 'amoxicillin'],
  ['Cefazolin', 'beta-lactams'],
  ['Ceftriaxone', 'cephalosporins'],
  ['Aspirin', 'NSAIDs'],
  ['Codeine', 'opioids'],
  ['Atorvastatin', 'statins'],
  ['Lisinopril', 'ACE inhibitors'],
  ['Azithromycin', 'macrolides'],
  ['Ciprofloxacin', 'fluoroquinolones'],
  ['Iodinated contrast media', 'IV contrast'],
  ['Omnipaque', 'contrast'],
  ['Cashew', 'nuts'],
  ['Peanut', 'nuts'],
  ['Walnuts', 'tree nuts'],
  ['Shrimp', 'shellfish'],
  ['Milk', 'dairy'],
  ['Bee venom', 'bee stings'],
  ['Soybean', 'soy'],
])('a recorded allergy to %s is found by "%s"', (recorded, asked) => expect(allergenFits(recorded, asked)).toBe(true));

test.each([
  ['Codeine', 'sulfa'],
  ['Peanut', 'tree nuts'],
  ['Tree nuts', 'peanut'],
  ['Ferrous sulfate', 'sulfa'],
  ['Furosemide', 'sulfonamide antibiotics'],
  ['Vancomycin', 'penicillin'],
  ['Antibiotics', 'penicillin'],
  ['Magnesium sulfate', 'sulfonamides'],
])('a recorded allergy to %s is not found by "%s"', (recorded, asked) => expect(allergenFits(recorded, asked)).toBe(false));

test('a name that no table knows is not recognised', () => {
  expect(['sulfa', 'amoxicillin', 'latex', 'bee', 'mould', 'tree nuts'].filter((w) => !isKnownAllergen(w))).toEqual([]);
  expect(isKnownAllergen('zorblaxin')).toBe(false);
});
