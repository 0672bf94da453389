import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knowledgeEntries } from './entries.ts';
import type { Need } from './needs.ts';
import { Reader } from './understand.ts';

const reader = new Reader(knowledgeEntries());
const situation = { asOf: '2166-08-26T12:00:00-04:00', patient: { name: 'Anna Maria Invented', identifier: '10014078' } };
const understand = (question: string, earlier: readonly Need[] = []) => reader.understand(question, situation, earlier);

/** A need in one line: family, what is asked, things, which, when. */
function line(need: Need): string {
  if (need.family === 'declined') return `declined ${need.why}${need.domain ? ` ${need.domain}` : ''}`;
  if (need.family === 'person') return `person ${need.facts.join(',')}`;
  if (need.family === 'summary' || need.family === 'help') return need.family;
  const parts: string[] = [need.family, need.ask];
  if ('things' in need && need.things.length > 0) parts.push(need.things.map((t) => t.name.toLowerCase()).join('+'));
  if ('pick' in need && 'picked' in need && need.picked)
    parts.push(need.pick.type === 'nth' ? `#${need.pick.n}` : need.pick.type === 'extreme' ? need.pick.which : need.pick.type);
  if ('compare' in need && need.compare) parts.push(`${need.compare.op} ${need.compare.value}`);
  if ('normality' in need && need.normality) parts.push(need.normality);
  if ('unit' in need && need.unit) parts.push(need.unit);
  if ('specimen' in need && need.specimen) parts.push(need.specimen);
  if (need.family === 'encounters') parts.push(need.kind);
  if ('when' in need && need.when)
    parts.push(`@${need.when.type === 'stay' ? `${need.when.stay.kind} ${need.when.stay.which}` : need.when.words}`);
  return parts.join(' ');
}
const lines = (question: string) => understand(question).needs.map(line);

describe('results', () => {
  test.each([
    ['What was the last creatinine?', 'results value creatinine #-1'],
    ['most recent creat', 'results value creatinine #-1'],
    ["What's her hemoglobin?", 'results value hemoglobin'],
    ['current K please', 'results value potassium #-1'],
    ['Could you tell me the first potassium of this admission?', 'results value potassium #1 @hospital current'],
    ['What was the second to last creatinine value?', 'results value creatinine #-2'],
    ['previous sodium', 'results value sodium #-2'],
    ['creatinine on admission', 'results value creatinine #1 @hospital current'],
    ['peak troponin T since admission', 'results value troponin t highest @hospital current'],
    ['What was the lowest sats overnight?', 'results value oxygen saturation (spo2) lowest @overnight'],
    ['When was the last lactate drawn?', 'results time lactate #-1'],
    ['What was the last time the INR was checked?', 'results time inr #-1'],
    ['When did the creatinine peak?', 'results time creatinine highest'],
    ['When was potassium first over 5 mmol/L?', 'results time potassium #1 above 5'],
    ['Has her potassium ever been above 5.5?', 'results exists potassium above 5.5'],
    ['HR > 100 today?', 'results exists heart rate above 100 @today'],
    ['was troponin ever measured', 'results exists troponin'],
    ['Did she undergo a lipase test in 05/2166?', 'results exists lipase @in 05/2166'],
    ['How many times was creatinine checked since admission?', 'results count creatinine @hospital current'],
    ['creat trend', 'results trend creatinine'],
    ['How has the sodium changed over the past week?', 'results trend sodium @over the past week'],
    ['Is the creatinine rising?', 'results trend creatinine'],
    ['Is the potassium high?', 'results normal potassium high'],
    ['are the platelets within normal limits', 'results normal platelets normal'],
    ['Any abnormal labs today?', 'results abnormal list laboratory results all abnormal @today'],
    ['creatinine in umol/L', 'results value creatinine umol/L'],
    ['all creatinine values this admission', 'results value creatinine all @hospital current'],
    ['BMP', 'results value basic metabolic panel'],
    ['vital signs', 'results value vital signs'],
    ['blood pressure', 'results value blood pressure'],
    ['CSF glucose', 'results value csf glucose'],
    ['Is the potassium above 4?', 'results exists potassium #-1 above 4'],
    ['Was the potassium above 4?', 'results exists potassium above 4'],
    ['last 3 creatinines', 'results value creatinine several'],
    ['last two hgbs', 'results value hemoglobin several'],
    ['prev K', 'results value potassium #-2'],
    ['tmax', 'results value body temperature highest @in the last 24 hours'],
    ['any fevers', 'results value body temperature highest @in the last 24 hours'],
    ['last time hgb was below 7', 'results time hemoglobin #-1 below 7'],
    ['is he febrile', 'results value body temperature highest @in the last 24 hours'],
    ['hypotensive overnight?', 'results value systolic blood pressure lowest @overnight'],
    ['was she hypoxic yesterday', 'results value oxygen saturation (spo2) lowest @yesterday'],
    ['any hypoglycemia overnight', 'results value glucose lowest @overnight'],
    ['is she hyperkalemic', 'results normal potassium #-1 high'],
    ['is the lactate clearing', 'results trend lactate'],
    ['What was the pH on the last blood gas?', 'results value blood ph #-1'],
    ['hgb in the icu', 'results value hemoglobin @icu -1'],
    ['admission lactate', 'results value lactate #1 @hospital current'],
    ['discharge creatinine', 'results value creatinine #-1 @hospital last'],
    ['urine albumin to creatinine ratio', 'results value urine albumin/creatinine ratio'],
    ['baseline creatinine before this admission', 'results value creatinine baseline'],
    ['which labs are pending', 'results pending laboratory results'],
    ["what's pending", 'results pending laboratory results'],
    ['is the troponin T pending', 'results pending troponin t'],
    ['pottasium', 'results value potassium'],
    ['heamoglobin', 'results value hemoglobin'],
    ['creatnine', 'results value creatinine'],
    ["the patient's A1c", 'results value hemoglobin a1c'],
    ['what was patient 10014078’s last INR on the last hospital visit', 'results value inr #-1 @hospital last'],
  ])('%s', (question, expected) => expect(lines(question)).toEqual([expected.replace(' all abnormal', ' abnormal')]));
});

describe('medicines', () => {
  test.each([
    ['What meds is the patient on?', 'medications list'],
    ['current medications', 'medications list #-1'],
    ['Is she on metoprolol?', 'medications is on metoprolol'],
    ['Is she taking any blood thinners?', 'medications is on blood thinner'],
    ['What antibiotics is she on?', 'medications list antibiotic'],
    ['Was heparin given yesterday?', 'medications given heparin @yesterday'],
    ['When was the last dose of furosemide?', 'medications last dose furosemide #-1'],
    ['when did she last get morphine', 'medications last dose morphine #-1'],
    ['Any doses of insulin held yesterday?', 'medications not given insulin @yesterday'],
    ['When was warfarin started?', 'medications started warfarin'],
    ['What dose of metoprolol is she on?', 'medications dose metoprolol'],
    ['How many doses of heparin were given?', 'medications count heparin'],
    ['Why is she on levetiracetam?', 'medications indication levetiracetam'],
    ['Was she given potassium?', 'medications given potassium'],
    ['how much furosemide has she received', 'medications total furosemide'],
    ['total lasix yesterday', 'medications total furosemide @yesterday'],
    ['lasix total', 'medications total furosemide'],
    ['how much tylenol in the last 24h', 'medications total acetaminophen @in the last 24h'],
    ['is she on a heparin drip', 'medications is on heparin'],
    ['what drips is she on', 'medications list'],
    ['what infusions are running', 'medications list'],
    ['IV antibiotics', 'medications is on antibiotic'],
    ['what PRN meds is she on', 'medications list'],
    ['insulin sliding scale', 'medications is on insulin'],
    ['Was the evening insulin given yesterday?', 'medications given insulin @yesterday'],
    ['meds at discharge', 'declined domain medication lists'],
    ['what was started today', 'medications started @today'],
    ['what was stopped yesterday', 'medications stopped @yesterday'],
    ['how many units of insulin yesterday', 'medications total insulin @yesterday'],
    ['was she on warfarin at home', 'medications reported warfarin'],
    ['discharge meds', 'declined domain medication lists'],
    ['is she on anything for seizures', 'declined indication'],
    ['heart failure medication', 'declined indication'],
    ['anything for blood pressure', 'declined indication'],
    ['what is he taking for gout', 'declined indication'],
    ['was she given anything for nausea', 'declined indication'],
    ['seizure medication', 'medications is on antiepileptic'],
    ['is she on neither apixaban nor aspirin', 'declined negation'],
    ['is he on either apixaban or aspirin', 'medications is on apixaban+aspirin'],
    ['is she on a vent', 'declined domain procedures'],
    ['is she on TPN', 'declined domain nutrition'],
    ['is she on zzzytril', 'medications is on zzzytril'],
    ['has milk of magnesia been prescribed?', 'medications is on milk of magnesia'],
    ['Is she on metoprolol tartrate 25 mg?', 'medications is on metoprolol tartrate 25 mg'],
  ])('%s', (question, expected) => expect(lines(question)).toEqual([expected]));

  test('the words beside a drug narrow it', () => {
    const [need] = understand('Is she on metoprolol tartrate?').needs;
    expect(need?.family === 'medications' && need.things[0]?.extra).toEqual(['tartrate']);
  });
  test.each([
    ['is she on a heparin drip', 'infusion'],
    ['what PRN meds is she on', 'as needed'],
    ['insulin sliding scale', 'sliding scale'],
  ])('the form is no name: %s', (question, form) => {
    const [need] = understand(question).needs;
    expect(need?.family === 'medications' && [need.form, need.things.flatMap((t) => t.extra ?? [])]).toEqual([form, []]);
  });
  test('the part of the day narrows the day that is named, and without a day stops the answer', () => {
    const [need] = understand('Was the evening insulin given on 23 August 2166?').needs;
    expect(need?.family === 'medications' && need.when).toMatchObject({
      from: '2166-08-23T18:00:00-04:00',
      to: '2166-08-23T23:59:59-04:00',
    });
    expect(lines('was the evening insulin given')).toEqual(['declined unclear']);
  });
  test('a route narrows the orders, and an unknown one stops the answer', () => {
    const [need] = understand('When was a medication prescribed via the IV route last?').needs;
    expect(need?.family === 'medications' && need.route).toContain('iv');
  });
});

describe('diagnoses, allergies, stays, the person', () => {
  test.each([
    ['What are her diagnoses?', 'conditions list'],
    ['Does she have diabetes?', 'conditions has diabetes'],
    ['does he have CKD or heart failure', 'conditions has ckd+heart failure'],
    ['any history of stroke?', 'conditions has stroke'],
    ['When was she first diagnosed with atrial fibrillation?', 'conditions time atrial fibrillation #1'],
    ['AKI', 'conditions has aki'],
    ['sepsis?', 'conditions has sepsis'],
    ['is he diabetic', 'conditions has diabetic'],
    ['pleural effusion', 'conditions has pleural effusion'],
    ['C diff', 'conditions has c diff'],
    ['cardiac arrest', 'conditions has cardiac arrest'],
    ['high cholesterol', 'conditions has high cholesterol'],
    ['subdural hematoma', 'conditions has subdural hematoma'],
    ['acute on chronic heart failure', 'conditions has acute on chronic heart failure'],
    ['allergic rhinitis', 'conditions has allergic rhinitis'],
    ['stroke type', 'conditions list stroke'],
    ['what stage CKD', 'conditions list ckd'],
    ['type 2 diabetes?', 'conditions has type 2 diabetes'],
    ['intracranial pressure', 'declined unclear'],
    ['Does she carry a diagnosis of asthma?', 'conditions has asthma'],
    ['does she carry a BRCA mutation', 'declined domain genome'],
    ['primary diagnosis', 'declined domain diagnosis roles'],
    ['any new diagnoses?', 'declined domain diagnosis roles'],
    ['any allergies?', 'allergies list'],
    ['any drug allergies?', 'allergies list'],
    ['food allergies', 'allergies list'],
    ['Is she allergic to mould?', 'allergies has mould'],
    ['previous admission', 'encounters admitted hospital'],
    ['what was she admitted with last time', 'encounters reason hospital'],
    ['hospital day', 'encounters length hospital'],
    ['days in hospital', 'encounters length hospital'],
    ['how many days in hospital', 'encounters length hospital'],
    ['longest stay', 'encounters longest any'],
    ['seen in 2164?', 'encounters had any @in 2164'],
    ['when was she last seen in clinic', 'encounters admitted outpatient'],
    ['how many ICU days this year', 'declined not computed'],
    ['Is he allergic to penicillin?', 'allergies has penicillin'],
    ['When was she admitted?', 'encounters admitted hospital'],
    ['how long was the last stay?', 'encounters length hospital'],
    ['How many admissions has she had?', 'encounters count hospital'],
    ['How many times was she in the ICU during the last hospital visit?', 'encounters count icu @hospital last'],
    ['Which ward is she on?', 'encounters where hospital'],
    ['Is she still in hospital?', 'encounters is inpatient hospital'],
    ['When was the patient discharged?', 'encounters discharged hospital'],
    ['What was she admitted for?', 'encounters reason hospital'],
    ['Did she go to the E.R. in 2166?', 'encounters had emergency @in 2166'],
    ['how old is she?', 'person age'],
    ['Is the patient male or female?', 'person sex'],
    ['DOB', 'person birth date'],
    ['tell me about this patient', 'summary'],
    ['one-liner', 'summary'],
    ['What can you do?', 'help'],
  ])('%s', (question, expected) => expect(lines(question)).toEqual([expected]));
});

describe('several in one', () => {
  test.each([
    [
      'What was the last creatinine, and how has it changed over the stay?',
      ['results value creatinine #-1', 'results trend creatinine @hospital current'],
    ],
    ['highest and lowest potassium this week', ['results value potassium highest @this week', 'results value potassium lowest @this week']],
    ['creatinine, potassium and INR yesterday', ['results value creatinine+potassium+inr @yesterday']],
    [
      'first and last creatinine during the stay',
      ['results value creatinine #1 @hospital current', 'results value creatinine #-1 @hospital current'],
    ],
    ['List her medications and allergies', ['medications list', 'allergies list']],
    ['last INR and is she on warfarin?', ['results value inr #-1', 'medications is on warfarin']],
    ['creatinine and the last visit', ['results value creatinine', 'encounters admitted any']],
    ['does she have diabetes, and since when?', ['conditions has diabetes', 'conditions time diabetes']],
    ["What's the INR and when was it drawn?", ['results value inr', 'results time inr']],
    ['What is the potassium? And what did the CT show?', ['results value potassium', 'declined domain imaging']],
    ['During her last ICU stay, what was the lowest systolic blood pressure?', ['results value systolic blood pressure lowest @icu last']],
  ])('%s', (question, expected) => expect(lines(question)).toEqual(expected));
});

describe('follow-ups', () => {
  test.each(['sodium then', 'potassium at that time', 'BP at that time', 'highest sodium that day'])(
    '%s: the time of an answer before is not guessed',
    (question) => {
      const { needs } = understand('highest creatinine');
      expect(understand(question, needs).needs.map(line)).toEqual(['declined relation']);
    },
  );
  test.each([
    ['highest', 'results value sodium highest @hospital last'],
    ['first', 'results value sodium #1 @hospital last'],
    ['how many', 'results count sodium @hospital last'],
    ['highest ever', 'results value sodium highest'],
  ])('%s takes over the admission asked about before', (question, expected) => {
    const { needs } = understand('sodium in the previous admission');
    expect(understand(question, needs).needs.map(line)).toEqual([expected]);
  });
  const conversation = (...questions: string[]) => {
    let needs: Need[] = [];
    return questions.map((q) => {
      needs = understand(q, needs).needs;
      return needs.map(line).join(' | ');
    });
  };
  test('another test, another time, a judgement, a time, the one before', () => {
    expect(
      conversation(
        'What was the last creatinine?',
        'and the potassium?',
        'what about yesterday?',
        'is that normal?',
        'when was that?',
        'and before that?',
      ),
    ).toEqual([
      'results value creatinine #-1',
      'results value potassium #-1',
      'results value potassium #-1 @yesterday',
      'results normal potassium #-1 normal @yesterday',
      'results time potassium #-1 @yesterday',
      'results value potassium #-2 @yesterday',
    ]);
  });
  test('another drug', () => expect(conversation('is she on warfarin?', 'and apixaban?')[1]).toBe('medications is on apixaban'));
  test('a clause about a stay, a diagnosis or a test is its own, whatever came before', () => {
    expect(conversation('creatinine', 'when was she admitted', 'and discharged?')).toEqual([
      'results value creatinine',
      'encounters admitted hospital',
      'encounters discharged hospital',
    ]);
    expect(conversation('allergies', 'does she have diabetes', 'a1c')).toEqual([
      'allergies list',
      'conditions has diabetes',
      'results value hemoglobin a1c',
    ]);
    expect(conversation('is she on lisinopril?', 'is she allergic to it?')[1]).toBe('allergies has lisinopril');
  });
  test('the date that was asked back for completes the question', () => {
    expect(conversation('creatinine on 03/04/2166', '2166-04-03')).toEqual([
      'declined ambiguous time',
      'results value creatinine @2166-04-03',
    ]);
  });
  test('without anything before, "is that normal?" is asked back', () =>
    expect(lines('is that normal?')).toEqual(['declined no antecedent']));
});

describe('half understood is not answered', () => {
  test.each([
    ['What is the creatinine clearance?', 'declined domain scores'],
    ['creatinine after dialysis', 'declined domain procedures'],
    ['potassium before breakfast', 'declined relation'],
    ['potassium when she was on furosemide', 'declined relation'],
    ['potassium without hemolysis', 'declined negation'],
    ['creatinine excluding the first', 'declined negation'],
    ['morphine equivalents in the last 24 hours', 'declined domain scores'],
    ['fasting glucose', 'declined unclear'],
    ['corrected creatinine', 'declined unclear'],
    ['glucose on the glucometer', 'declined unclear'],
    ['What was the potassium 5.5?', 'declined unclear'],
    ['mean daily heart rate', 'declined not computed'],
    ['how many hours have passed since the last lactate', 'declined not computed'],
    ['Is hemoglobin, second measured on the first stay, less than the first value measured?', 'declined unclear'],
    ['Where did she never go', 'declined negation'],
    ['is she sad', 'declined unclear'],
    ['', 'declined unclear'],
    ['???', 'declined outside'],
  ])('%s', (question, expected) => expect(lines(question)).toEqual([expected]));

  test('the words that were not understood are named', () => {
    const [need] = understand('fasting glucose').needs;
    expect(need).toMatchObject({ family: 'declined', why: 'unclear', words: 'fasting' });
  });

  test('a known question with one strange word more is never answered as if whole', () => {
    const questions = [
      'last creatinine',
      'is she on metoprolol',
      'when was she admitted',
      'potassium trend this week',
      'how old is she',
      'highest heart rate today',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...questions), fc.stringMatching(/^[bdfgjqvwxz]{6,9}$/), fc.nat(6), (question, strange, at) => {
        const words = question.split(' ');
        words.splice(Math.min(at, words.length), 0, strange);
        const { needs } = understand(words.join(' '));
        const names = needs
          .flatMap((n) => ('things' in n ? n.things : []))
          .filter((t) => t.name.includes(strange) || t.extra?.includes(strange));
        // A strange word may be a name that the record must bear, else it stops the answer.
        expect(needs.some((n) => n.family === 'declined') || names.length > 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is declined', () => {
  test.each([
    ['What did the chest x-ray show?', 'declined domain imaging'],
    ['Does she carry a BRCA mutation?', 'declined domain genome'],
    ['blood cultures?', 'declined domain microbiology'],
    ['what does the discharge summary say', 'declined domain notes'],
    ['urine output today', 'declined domain fluids'],
    ['code status', 'declined domain care wishes'],
    ['What insurance does she have?', 'declined domain administration'],
    ["What's the weather?", 'declined domain outside'],
    ['write a poem', 'declined domain outside'],
    ['hello', 'declined outside'],
    ['what is metformin', 'declined outside'],
    ['Should I give potassium?', 'declined advice'],
    ['is it safe to give ibuprofen', 'declined advice'],
    ['what does a high lactate mean', 'declined advice'],
    ['How many patients have diabetes?', 'declined many patients'],
    ['creatinine on 03/04/2165', 'declined ambiguous time'],
    ['creatinine in December 2166', 'declined future'],
    ['last vancomycin', 'declined ambiguous thing'],
  ])('%s', (question, expected) => expect(lines(question)).toEqual([expected]));

  test.each([
    'What was the creatinine of patient 10018081?',
    "Smith's potassium",
    'Mr. Jones’ sodium',
    'last INR of patient John Doe',
    'Anna Someoneelse potassium',
    'potassium of MRN 99887766',
    'creatinine of Nephra Testpatient',
  ])('another patient: %s', (question) => expect(lines(question)).toEqual(['declined other patient']));

  test.each([
    'Anna Invented: last potassium',
    'Ms. Invented’s last potassium',
    'last potassium of patient 10014078',
    'MRN 10014078 last potassium',
  ])('this patient: %s', (question) => expect(lines(question)).toEqual(['results value potassium #-1']));

  test('an eponym names no patient', () => expect(lines("does she have Crohn's disease")[0]).toMatch(/^conditions has/));
});

describe('spelling', () => {
  test.each([
    ['last creatnine', 'creatinine'],
    ['hemoglobn trend', 'hemoglobin'],
    ['is she on metoprolool', 'metoprolol'],
  ])('%s', (question, name) => {
    const { needs, corrections } = understand(question);
    expect(needs.flatMap((n) => ('things' in n ? n.things.map((t) => t.name.toLowerCase()) : []))).toContain(name);
    expect(corrections.map((c) => c.to)).toContain(name);
  });
  test('a misspelled time is a time', () => expect(lines('potassium yesteday')).toEqual(['results value potassium @yesterday']));
  test('a name of the patient is not corrected', () => expect(understand('Invented potassium').corrections).toEqual([]));
});

test('an emergency is noticed, and the question beside it is read', () => {
  const { needs, emergency } = understand('She has crushing chest pain now, what was her last troponin?');
  expect(emergency).toBe(true);
  expect(needs.map(line)).toEqual(['results value troponin #-1']);
});

test('any text is read without an error, the same twice, and quickly', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(understand(text)).toEqual(understand(text));
    }),
    { numRuns: 200 },
  );
  const long = understand('creatinine '.repeat(1800));
  expect(long.needs.length).toBeGreaterThan(0);
});

describe('two needs of one question', () => {
  test.each([
    ['hyponatremia?', ['results normal sodium #-1 low', 'conditions has hyponatremia']],
    [
      'was she tachycardic or hypotensive overnight',
      ['results value heart rate highest @overnight', 'results value systolic blood pressure lowest @overnight'],
    ],
    ['K on admission and today', ['results value potassium #1 @hospital current', 'results value potassium @today']],
    [
      'admission and discharge creatinine',
      ['results value creatinine #1 @hospital current', 'results value creatinine #-1 @hospital last'],
    ],
    ['K now vs yesterday', ['results value potassium #-1', 'results value potassium @yesterday']],
    ['creatinine, banana, and potassium', ['results value creatinine+potassium', 'declined unclear']],
    ['lowest glucose yesterday and was insulin given', ['results value glucose lowest @yesterday', 'medications given insulin @yesterday']],
  ])('%s', (question, expected) => expect(lines(question)).toEqual(expected));
  test('a history of a state is the diagnosis alone', () => expect(lines('hx of hypokalemia')).toEqual(['conditions has hypokalemia']));
});

test('words of diagnoses, organs and allergens are never read as tests, and stay possible surnames', () => {
  for (const question of [
    'does he have colon cancer',
    'does he have cystitis',
    'was he in shock',
    'any hypoglycemia',
    "hasn't he had a potassium",
  ])
    expect(understand(question).corrections, question).toEqual([]);
  expect(lines("Burns's potassium")).toEqual(['declined other patient']);
});

test('the day before is one day before the window asked of before', () => {
  const first = understand('creatinine yesterday').needs;
  for (const question of ['and the day before', 'what about the day before?']) {
    const [need] = understand(question, first).needs;
    expect(need, question).toMatchObject({
      family: 'results',
      when: { from: '2166-08-24T00:00:00-04:00', to: '2166-08-24T23:59:59-04:00' },
    });
  }
});

test.each(['he is collapsing now', 'crushing chest pain', "he's not breathing", 'she is seizing'])('%s is an emergency', (question) =>
  expect(understand(question).emergency).toBe(true),
);
