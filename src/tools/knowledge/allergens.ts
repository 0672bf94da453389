// Allergens by the groups that clinicians ask by: what a question calls them, and what a record may call one of the group.
// Drugs: by the classes of drugs.ts (WHO ATC index 2024). Foods: the groups of EU Regulation 1169/2011, Annex II; insects after IUIS allergen names.
// A group says what is to be shown, not that whoever reacts to one member reacts to another.
import type { DrugClassKey } from './drug-classes.ts';
import { drugClassesIn, drugsIn } from './drugs.ts';

type AllergenGroup = { name: string; asked: RegExp; recorded: RegExp; classes?: readonly DrugClassKey[] };

const GROUPS: readonly AllergenGroup[] = [
  {
    name: 'sulfonamide',
    asked: /\bsul(?:f|ph)(?:a|as|onamides?)\b/,
    recorded: /\bsul(?:f|ph)(?:a|as|onamides?|amethoxazole|adiazine|asalazine|isoxazole|acetamide|apyridine|ameth)\b|\bsmx\b/,
    classes: ['sulfonamide'],
  },
  { name: 'penicillin', asked: /\b(?:penicillins?|pcn)\b/, recorded: /\b(?:pcn|\w*cillins?)\b/, classes: ['penicillin'] },
  {
    name: 'beta-lactam',
    asked: /\b(?:beta|b) ?lactams?\b/,
    recorded: /\b(?:pcn|(?:beta|b) ?lactams?|\w*cillins?|(?:cef|ceph)\w+|\w+penems?|aztreonam)\b/,
    classes: ['penicillin', 'cephalosporin', 'carbapenem', 'betalactam'],
  },
  { name: 'cephalosporin', asked: /\bcephalosporins?\b/, recorded: /\b(?:cef|ceph)\w+\b/, classes: ['cephalosporin'] },
  { name: 'carbapenem', asked: /\bcarbapenems?\b/, recorded: /\b\w+penems?\b/, classes: ['carbapenem'] },
  { name: 'NSAID', asked: /\b(?:nsaids?|non ?steroidals?)\b/, recorded: /\b(?:nsaids?|non ?steroidal|aspirin|asa|salicylates?)\b/, classes: ['nsaid'] },
  { name: 'opioid', asked: /\b(?:opioids?|opiates?|narcotics?)\b/, recorded: /\b(?:opioids?|opiates?|narcotics?|opium)\b/, classes: ['opioid'] },
  {
    name: 'contrast or iodine',
    asked: /\b(?:contrast|iodin(?:e|ated)|iodides?|(?:iv|x ray|ct|radiographic) dye|radiocontrast|betadine)\b/,
    recorded: /\b(?:contrast|iodin\w*|iodides?|dye|radiocontrast|betadine|povidone|iohexol|iopamidol|iodixanol|omnipaque|isovue|visipaque|gadolinium|gad\w+(?:ate|ol))\b/,
  },
  { name: 'latex', asked: /\b(?:latex|rubber)\b/, recorded: /\b(?:latex|rubber)\b/ },
  { name: 'egg', asked: /\beggs?\b/, recorded: /\b(?:eggs?|ovalbumin|albumen)\b/ },
  { name: 'tree nut', asked: /\btree ?nuts?\b/, recorded: /^(?!peanuts?$).*\b(?:(?:tree ?|brazil ?)?nuts?|almonds?|walnuts?|cashews?|hazelnuts?|pecans?|pistachios?|macadamias?)\b/ },
  { name: 'peanut', asked: /\b(?:peanuts?|groundnuts?)\b/, recorded: /^(?!.*\btree).*\b(?:peanuts?|groundnuts?|arachis|nuts?)\b/ },
  {
    name: 'nut',
    asked: /(?<!tree )\bnuts?\b/,
    recorded: /\b(?:\w*nuts?|almonds?|cashews?|pecans?|pistachios?|macadamias?)\b/,
  },
  {
    name: 'shellfish',
    asked: /\b(?:shellfish|shell fish|seafood|crustaceans?|shrimps?|prawns?|crabs?|lobsters?)\b/,
    recorded: /\b(?:shellfish|shell fish|seafood|crustaceans?|shrimps?|prawns?|crabs?|lobsters?|crayfish|mollus[ck]s?|oysters?|clams?|mussels?|scallops?)\b/,
  },
  { name: 'fish', asked: /\bfish\b/, recorded: /\b(?:fish|seafood|cod|salmon|tuna)\b/ },
  { name: 'milk', asked: /\b(?:dairy|milk|lactose|casein|whey)\b/, recorded: /\b(?:dairy|milk|lactose|casein|whey|cheese)\b/ },
  { name: 'soy', asked: /\b(?:soy|soya|soybeans?)\b/, recorded: /\b(?:soy|soya|soybeans?)\b/ },
  { name: 'wheat', asked: /\b(?:wheat|gluten)\b/, recorded: /\b(?:wheat|gluten)\b/ },
  {
    name: 'stinging insect',
    asked: /\b(?:bees?|wasps?|hornets?|yellow ?jackets?|hymenoptera|insects?|insect stings?|venoms?)\b/,
    recorded: /\b(?:bees?|honey ?bees?|wasps?|hornets?|yellow ?jackets?|hymenoptera|insects?|stings?|venoms?)\b/,
  },
  { name: 'mould', asked: /\bmou?lds?\b/, recorded: /\b(?:mou?lds?|aspergillus|alternaria|cladosporium)\b/ },
  { name: 'pollen', asked: /\b(?:pollens?|grass(?:es)?|ragweed)\b/, recorded: /\b(?:pollens?|grass(?:es)?|ragweed|birch|weeds?)\b/ },
  { name: 'dust', asked: /\b(?:dust|mites?)\b/, recorded: /\b(?:dust|mites?)\b/ },
  { name: 'animal dander', asked: /\b(?:dander|animals?|cats?|dogs?)\b/, recorded: /\b(?:dander|animals?|cats?|dogs?|fur|hair)\b/ },
  { name: 'adhesive', asked: /\b(?:adhesives?|tape|plasters?)\b/, recorded: /\b(?:adhesives?|tape|plasters?)\b/ },
  { name: 'nickel', asked: /\bnickel\b/, recorded: /\bnickel\b/ },
  { name: 'fruit', asked: /\b(?:fruits?|strawberr(?:y|ies)|bananas?|kiwis?|mango(?:es)?|avocados?)\b/, recorded: /\bfruits?\b/ },
  { name: 'chlorhexidine', asked: /\bchlorhexidine\b/, recorded: /\b(?:chlorhexidine|hibiclens)\b/ },
]; // biome-ignore format: a table

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** So wide that a reaction to one member says nothing of another: "antibiotic" as a record's word is not each antibiotic. */
const WIDE: ReadonlySet<DrugClassKey> = new Set(['antibiotic', 'antihypertensive', 'analgesic', 'antidiabetic', 'sedative', 'electrolyte']);

/** Whether a table knows the name as a drug, a class or an allergen: only then does "none recorded" say something of it. */
export const isKnownAllergen = (asked: string): boolean =>
  drugsIn(asked).length > 0 || drugClassesIn(asked).length > 0 || GROUPS.some((g) => g.asked.test(plain(asked)));

/** Whether a recorded allergen is of the group that is asked for, or the recorded class holds the drug that is (penicillins for amoxicillin). */
export function allergenFits(recorded: string, asked: string): boolean {
  const [name, about] = [plain(recorded), plain(asked)];
  const drugs = drugsIn(recorded);
  if (
    GROUPS.some((g) => g.asked.test(about) && (g.recorded.test(name) || drugs.some((d) => d.classes.some((c) => g.classes?.includes(c)))))
  )
    return true;
  const recordedClasses = drugClassesIn(recorded).filter((c) => !WIDE.has(c));
  const askedClasses = [...drugClassesIn(asked), ...drugsIn(asked).flatMap((d) => d.classes)];
  return (
    recordedClasses.some((c) => askedClasses.includes(c)) || drugs.some((d) => d.classes.some((c) => drugClassesIn(asked).includes(c)))
  );
}
