// Words that are no misspelled names of tests: what diagnoses, organs and allergens are called. Known, and never "corrected".
import { clinicalVocabulary } from '../../tools/knowledge/clinical-words.ts';

/** Endings of diagnoses and procedures, from Greek and Latin: a word that has one is a name of its own. */
const ENDING =
  /(?:itis|osis|oses|asis|emia|aemia|oma|omas|pathy|pathies|ectomy|otomy|ostomy|plasty|scopy|algia|uria|penia|plegia|paresis|rrhea|rrhoea|rrhage|rrhagia|cele|ectasis|trophy|sclerosis|stenosis|megaly|phobia|philia|lysis|dynia|kinesia|phagia|phasia|pnea|pnoea|thorax|cardia|malacia|opathic|genic)$/;

/** Parts of the body, common findings and common allergens that the tables of names do not list. */
const PLAIN =
  'colon rectum rectal colonic stomach gastric bowel colorectal shock collapse spleen splenic pancreas pancreatic bladder prostate breast uterus ovary ovarian thyroid adrenal ' +
  'brain spine spinal skin bone joint muscle nerve tendon artery vein aorta aortic mitral valve valvular throat tonsil larynx trachea pleura chest abdomen pelvis groin hip knee ankle ' +
  'shoulder elbow wrist hand foot leg arm back neck head face eye ear nose mouth tongue tooth teeth gum jaw hernia ulcer fistula abscess cyst polyp stone stones gallstone gallstones ' +
  'fracture sprain burn burns wound trauma injury rash itch hives swelling edema oedema fever chills cough cold flu sepsis septic palsy delirium dementia stroke seizure seizures tremor ' +
  'syncope vertigo migraine asthma eczema psoriasis gout lupus scabies shingles herpes measles mumps malaria typhoid cholera tetanus polio rabies lyme ' +
  'shellfish shrimp crab lobster peanut peanuts almond walnut cashew hazelnut wheat gluten soy soya milk egg eggs mold mould pollen ragweed grass dust mite mites dander latex ' +
  'strawberry banana kiwi mango avocado bee wasp venom nickel iodine contrast adhesive tape';

export const knownWords = (): string[] => [...clinicalVocabulary(), ...PLAIN.split(' ')];
export const isNameByItself = (word: string) => word.length > 6 && ENDING.test(word);
