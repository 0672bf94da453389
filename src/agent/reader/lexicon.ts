// The words with which clinical questions are built, apart from the names of tests, drugs and diagnoses (concepts.ts).
// Each phrase has one tag; every word of a question must be covered by a tag that its family allows, else it is not answered as if whole.
import { DOMAIN_WORDS } from './domains.ts';
import { phraseOf } from './tokens.ts';

/** `name` or `name:detail`. */
export type Tag = string;

const WORDS: Record<Tag, string> = {
  // Words that carry nothing of their own.
  fn: `either|a|an|the|of|for|in|on|at|to|by|from|with|as|this|these|there|here|please|kindly|pls|thanks|thank you|can you|could you|would you|will you|can i|could i|may i|i would like to|i want to|i need to|i need|i want|i wonder|do you have|do you know|do we have|do we know|let me|let us|help me|me|us|we|i|you|your|our|my|know|see|find out|find|look up|look|check out|pull up|pull|bring up|get me|get|give me|give us|tell me|tell us|show me|show us|show|display|report|state|provide|retrieve|identify|inform me of|inform me about|inform me|about|regarding|concerning|if|whether|so|ok|okay|hi|hello|hey|well|just|also|too|then|now tell me|exactly|actually|currently known|its own|own|some|be|being|been|able|available|record|records|recorded|on record|in the record|in the chart|chart|charted|documented|documentation of|noted|on file|listed|seen|found|shown|known|data|information|info|details|detail|go through|gone through|undergone|undergo|happen|happened|occur|occurred|occurs|experience|experienced|come|came|make|made|doing|going|look like|looking|looked like|into|out|body|question|answer|quick question|specify|confirm|clarify|specific|particular|give|present|provide|thing|things|them|which one|one|ones|that were|that was|who is|in which|on which|type of|kind of|kinds of|sort of|terms of|hospital number|per|according to`,
  name: `name|names|name of|names of|the name of`,
  person: `patient|the pt|this pt|its|it s own|she|he|her|him|his|hers|himself|herself|their|they|person|man|woman|lady|gentleman|guy|boy|girl|male patient|female patient|this patient|the patient|current patient|subject|case`,
  pronoun: `it|that|those|same|the same|both`,
  and: `and|plus|as well as|along with|together with|&|and also`,
  or: `or|and or`,
  follow: `what about|how about|and what about|and how about|and for|same for|same again for|likewise for`,

  // Question heads.
  'ask:what': `what|which|what kind of|what sort of|what type of|whats|list|list all|list out|enumerate|summary of|read|calculate|compute|determine|gather`,
  'ask:when': `when|time|what time|at what time|which time|what date|on what date|which date|what day|on which day|which day|time of|date of|what was the time|how recently|date|dates|times of|since when`,
  'ask:how long': `how long|length of time|amount of time|time in days|duration|duration of|length|length of|how many days was|how many days long|los|length of stay`,
  'ask:how many': `how many|how many times|how often|how frequently|number of|number of times|count|count of|count how many|count the number of|total number of|times|how many different|occasions`,
  'ask:how much': `how much`,
  'ask:why': `why|for what reason|what is the reason|reason|reason for|what for|indication|indication for|how come|admitted for|come in for|came in for|hospitalized for|hospitalised for`,
  'ask:who': `who|whom|whose|by whom`,
  'ask:where': `where|whereabouts|in which|on which`,
  'ask:how': `how`,
  be: `is|are|was|were|am|isnt|arent|wasnt|werent`,
  have: `has|have|had|having`,
  do: `does|do|did`,
  any: `any|anything|any of|anything at all`,
  ever: `ever|at any time|at any point|so far|to date|in the past|in the whole record|at all|historically|previously|already|before now|all time|overall`,
  now: `current|currently|now|right now|at the moment|at present|presently|as of now|today's most recent|up to date|ongoing|active|still|actively|these days`,
  all: `all|every|each|complete|full|entire|whole|values of|history|timeline`,
  recent: `recent|recently|lately`,

  // Which one.
  'ord:last': `last|last time|latest|most recent|most recently|newest|final|last known|last recorded|most up to date|last one|freshest`,
  'ord:first': `first|first time|earliest|initial|first ever|first recorded|oldest|on admission value`,
  'ord:second': `second|2nd`,
  'ord:third': `third|3rd`,
  'ord:fourth': `fourth|4th`,
  'ord:fifth': `fifth|5th`,
  'ord:second to last': `second to last|second last|penultimate|next to last|last but one|one before last|one before the last|second most recent|the one before|before that|the one before that|one before`,
  'ord:third to last': `third to last|third last|third most recent`,
  'ord:previous': `prev|previous|prior|preceding|previous one|prior one`,
  'agg:highest': `highest|maximum|max|peak|greatest|largest|maximal|top|biggest|as high as`,
  'agg:lowest': `lowest|minimum|min|nadir|smallest|least|minimal|trough value|as low as`,
  'agg:mean': `mean|average|avg|averaged`,
  'agg:sum': `sum|total amount|total volume|total dose|cumulative|accumulated`,
  'agg:baseline': `baseline|usual|base line|normally run at`,
  distinct: `distinct|unique|different|various|separate|most common|most commonly|most frequent|most frequently|commonest|top five|top ten`,
  group: `daily|monthly|yearly|weekly|hourly|per day|each day|every day|by day|day by day|per month|per week|annual`,

  // What was seen.
  pending: `pending|outstanding|awaited|awaiting|not back|not back yet|not yet back|not resulted|not resulted yet`,
  'shift:day': `day before|the day before|the previous day|the prior day`,
  compare: `compare|compared|difference|delta|versus|vs`,
  trend: `trend|trends|trending|trended|trajectory|course|evolution|change|changes|changed|changing|evolved|evolve|develop|developed|development|over time|progress|progressed|progression|move|moved|going up or down|up or down|rising or falling|dynamics|kinetics|run|running|doing over|plot|graph`,
  'trend:up': `rising|rise|risen|rose|going up|gone up|went up|increasing|increase|increased|up|climbing|uptrending|worse|worsening|worsened|getting worse|deteriorating|deteriorated`,
  'trend:down': `clearing|cleared|falling|fall|fallen|fell|going down|gone down|went down|come down|came down|decreasing|decrease|decreased|decline|declined|declining|dropping|dropped|drop|down|downtrending|better|improving|improved|improve|improvement|getting better|recovering|recovered|stable|steady|unchanged`,
  normal: `normal|within normal limits|within the normal range|within normal range|in normal range|in the normal range|in range|within range|in the reference range|within the reference range|wnl|ok value|normal range|reference range|within limits|all right|fine|acceptable`,
  abnormal: `abnormal|out of range|outside the normal range|outside the reference range|outside normal limits|deranged|off|wrong`,
  high: `high|elevated|raised|too high|above normal|above range|above the normal range|above the reference range|hyper`,
  low: `low|too low|reduced|depressed|below normal|below range|below the normal range|below the reference range`,
  critical: `critical|critically|panic|alarming|dangerous|dangerously`,
  'cmp:above': `above|over|greater than|more than|higher than|exceed|exceeded|exceeds|exceeding|larger than|bigger than|in excess of|>`,
  'cmp:below': `below|under|less than|lower than|smaller than|fewer than|<`,
  'cmp:at least': `at least|no less than|not less than|greater than or equal to|or more|or above|or higher|>=|≥`,
  'cmp:at most': `at most|no more than|not more than|less than or equal to|or less|or below|or lower|<=|≤|up to`,
  'cmp:equal': `equal to|exactly equal to|equals|=`,
  'cmp:between': `between`,
  than: `than`,
  result: `value|values|level|levels|result|results|reading|readings|lab|labs|laboratory|lab test|lab tests|lab value|lab values|lab result|lab results|laboratory test|laboratory tests|laboratory results|laboratory result|laboratory value|test|tests|testing|tested|measurement|measurements|number|numbers|figure|figures|concentration|count value|blood test|blood tests|screen|titer|titre|assay|amount|score value|vital sign|vital signs|vital|vitals|sign|signs`,
  measure: `measured|measure|checked|check|taken|take|taking|drawn|draw|done|performed|conducted|obtained|collected|run on|sent|resulted|monitored|observed|registered|carried out|repeated|recheck|rechecked`,
  specimen: `blood|serum|plasma|urine|urinary|csf|cerebrospinal fluid|whole blood|pleural|pleural fluid|ascites|ascitic fluid|ascitic|peritoneal fluid|stool|joint fluid|synovial fluid|arterial|venous|capillary|blood gas`,
  'topic:labs': `labs|bloods|lab testing|laboratory testing|lab testings|blood work|bloodwork|lab results|laboratory results|blood results|blood tests|lab work|labwork|laboratory values|lab values|lab tests|laboratory tests|lab test|laboratory test|biochemistry|laboratory data`,
  'topic:vitals': `vitals|vital signs|obs|observations|vital sign|basic observations|vital parameters`,

  // Medicines.
  'topic:medications': `medication|medications|medicine|medicines|meds|med|drug|drugs|prescription|prescriptions|med list|medication list|drug list|drug chart|treatment list|pharmacotherapy|pharmacological treatment|mar|prescription drug|prescription drugs|medication order|medication orders|drug orders`,
  'med:reported': `home meds|home medications|home medicines|home medication|home medication list|medications at home|meds at home|at home|preadmission medications|reported medications|medication at home`,
  'med:on': `on|taking|takes|take|receiving|receive|receives|getting|gets|use|uses|using|maintained on|treated with|being treated with|started on|placed on|put on`,
  'med:give': `given|took|gotten|give|gave|administered|administer|administration|administrations|received|got|administering|infused|injected|had|get|dosed|doses given|provided|taken`,
  'med:prescribe': `prescribed|prescribe|ordered|order|orders|orders for|prescribing|written for`,
  'med:start': `start|started|starting|begin|began|begun|initiated|commenced|initiate|since when`,
  'med:stop': `stop|stopped|stopping|discontinued|discontinue|ceased|ended|end|finish|finished|taken off|off`,
  'med:not given': `held|hold|withheld|not given|missed|refused|omitted|skipped|not administered|declined dose|delayed`,
  'med:dose': `dose|doses|dosage|dosages|dosing|strength|how much|regimen|frequency|rate`,
  'med:route': `route|via|by what route|by which route|iv|po|oral|orally|intravenous|intravenously|subcutaneous|sc|im|by mouth`,
  'med:form': `drip|drips|gtt|gtts|infusion|infusions|iv drip|iv drips|continuous infusion|continuous infusions|infusions are running|drips are running|infusions running|drips running|running infusions|running drips|sliding scale|prn|prns|as needed`,
  'diag:role': `primary diagnosis|primary diagnoses|principal diagnosis|principal diagnoses|main diagnosis|main diagnoses|admitting diagnosis|admitting diagnoses|admission diagnosis|admission diagnoses|discharge diagnosis|discharge diagnoses|working diagnosis|final diagnosis|leading diagnosis|secondary diagnosis|secondary diagnoses|new diagnosis|new diagnoses|new problem|new problems|presenting problem`,
  'diag:with': `diagnosed with|diagnosed as having|diagnosis of|diagnoses of|history of|hx of|past history of|known with|suffer from|suffers from|suffering from|suffered from|have a history of|has a history of|known for|known case of|pmh of|past medical history of|diagnosed for|recorded diagnosis of`,

  // Diagnoses, allergies, stays.
  'topic:conditions': `diagnosis|diagnoses|condition|conditions|problem|problems|problem list|comorbidity|comorbidities|co morbidities|medical history|past medical history|pmh|pmhx|past history|disease|diseases|illness|illnesses|medical problems|medical conditions|diagnosed|active problems|chronic conditions|disorders|disorder|morbidities|health problems|background`,
  'topic:allergies': `allergy|allergies|allergic|allergic to|allergy to|allergies to|adverse reaction|adverse reactions|intolerance|intolerances|intolerant|intolerant of|intolerant to|drug allergy|drug allergies|drug reactions|sensitivities|nkda|allergy status|react to|reaction to|reactions to|allergy list`,
  reaction: `reaction|reactions|manifestation|happened with|severity|severe|how bad|anaphylaxis|anaphylactic`,
  'enc:admit': `admitted for|hospitalized for|hospitalised for|come in for|came in for|admitted|admit|admission time|admission date|admission|admissions|admittance|hospitalized|hospitalised|come in|came in|came into hospital|arrive|arrived|been admitted|brought in|date of admission|time of admission|hospital admission|hospital admissions|admission times|hospital admission time|admission to`,
  'enc:come': `go|goes|went|gone|come|came|check into|checked into|check in|been to|been at|been in|present to|presented to|brought to|attend|attended|visit|visited`,
  'enc:discharge': `discharged|discharge|discharge time|discharge date|leave|left|sent home|go home|went home|depart|departed|departure|leaving|released|date of discharge|time of discharge|hospital discharge|hospital discharge time|discharges`,
  'enc:stay': `stay|stays|visit|visits|encounter|encounters|hospitalization|hospitalisation|hospitalizations|hospitalisations|hospital stay|hospital stays|hospital visit|hospital visits|hospital encounter|hospital encounters|inpatient stay|appointment|appointments|consultation|consultations|been in|stayed|contact|contacts|visited|attend|attended|episode of care`,
  'enc:place': `ward|wards|unit|units|bed|room|location|department|service|floor|careunit|care unit|care units|transferred|transfer|transfers|moved to`,
  'enc:outpatient': `outpatient|seen in clinic|seen in the clinic|in clinic|seen as an outpatient|ambulatory|clinic|office|outpatient visit|outpatient visits|clinic visit|clinic visits|office visit|office visits|clinic appointment|clinic appointments`,
  hospital: `hospital|the hospital|inpatient|in hospital`,
  'enc:icu': `icu|intensive care|intensive care unit|critical care|itu|ccu|micu|sicu|tsicu|cvicu|nicu|picu|icu stay|icu stays|icu visit|icu visits|icu admission|icu admissions`,
  'enc:ed': `ed|er|emergency department|emergency room|emergency|e r|a and e|casualty|emergency visit|emergency visits|er visit|er visits|ed visit|ed visits`,
  'enc:disposition': `discharge disposition|discharged to|discharge destination|disposition|destination`,
  'enc:longest': `longest`,
  'enc:shortest': `shortest`,
  'enc:days': `days|hours|weeks|months|day|hour|week|nights`,
  elapsed: `passed|elapsed|have passed|have elapsed|gone by`,

  // The person.
  'fact:age': `age|how old|old|years old|years of age`,
  'fact:sex': `sex|gender|male or female|male|female|man or woman|boy or girl|administrative sex`,
  'fact:birth date': `birth date|birthdate|date of birth|dob|birthday|born|year of birth|birth year`,
  'fact:name': `patient name|patients name|full name|her name|his name|name of the patient|called|surname|first name|last name`,
  'fact:identifier': `mrn|medical record number|identifier|patient id|patient number|record number|hospital id|id number|id`,
  'fact:deceased': `dead|deceased|alive|died|die|death|expired|passed away|living|date of death|death date|time of death|death time|survived`,
  'fact:marital status': `marital status|married|single|widowed|divorced`,
  'fact:language': `language|languages|speak|speaks|spoken|preferred language`,
  'fact:race': `race|ethnicity|ethnic group|ethnic background`,
  'topic:person': `demographics|demographic|demographic data|personal details|demography|basic details`,
  'topic:summary': `summary|summarize|summarise|overview|one liner|oneliner|sum up|snapshot|brief me|handover|hand over|in a nutshell|bring me up to speed|catch me up|main points|story|presentation|tell me about this patient|tell me about the patient|tell me about|who is this|who is this patient|who is the patient|what is going on|whats going on|what is happening|sign out|highlights|key facts|general picture`,
  help: `help|what can you do|what can i ask|what can i ask you|what do you do|how does this work|how do you work|what are you|who are you|what questions can i ask|what can you answer|what can you tell me|how can you help|what are you able to do|what do you know|examples of questions|capabilities|instructions`,

  // What a question half understood would turn into a wrong answer.
  relation: `after|before|following|preceding the|prior to|since the|while|during|until|whilst|post|pre|once|pre op|post op|preop|postop|preoperative|postoperative|preoperatively|postoperatively|perioperative|intraoperative|within|because|when the|by the time|as soon as|at the same time|simultaneously|related to|associated with|caused by|due to|secondary to|in response to|despite|whenever`,
  negation: `never|neither|nor|not|no|without|none|except|excluding|other than|besides|isnt|arent|wasnt|werent|hasnt|havent|hadnt|doesnt|dont|didnt|cant|cannot|never had|non|lack|lacks|lacking|instead of|rather than|apart from`,
  advice: `should|shouldn't|ought|recommend|recommended|recommendation|recommendations|advise|advice|suggest|suggestion|safe|safely|safe to|can i give|may i give|could i give|can we give|can we start|can i start|can we stop|is it ok|is it okay|contraindicated|contraindication|contraindications|what would you|best treatment|treat|manage|management plan|plan|next step|next steps|differential|ddx|differential diagnosis|likely|probably|probability|prognosis|prognostic|predict|prediction|forecast|expect|chance|chances|risk|risks|adjust|titrate|dose adjust|increase the dose|reduce the dose|interact|interaction|interactions|appropriate|indicated|need to worry|worry|worried|concerned|concern|dangerous for|toxic|overdose|survive|life expectancy|what does it mean|mean for|interpret|interpretation|significance|explain|what could|could it be|cause|causes|causing|responsible for|think|opinion|diagnose|alternative|alternatives|instead|better option|prepare|precaution|precautions|discharge ready|fit for|candidate for|eligible|eligibility|qualify|qualifies`,
  'many patients': `patients|all patients|other patients|how many patients|cohort|population|everyone|each patient|average patient|people|cluster`,
};

/** Phrase → tags. A phrase may have several readings (`last`, `taking`, `get`): the family that reads the clause picks. */
const LEXICON = new Map<string, Tag[]>();
let longest = 1;
for (const [tag, list] of [...Object.entries(WORDS), ...Object.entries(DOMAIN_WORDS).map(([k, v]) => [`domain:${k}`, v] as const)]) {
  for (const item of list.split('|')) {
    const phrase = /^[^\p{L}\p{N}]+$/u.test(item.trim()) ? item.trim() : phraseOf(item);
    if (phrase === '') continue;
    const tags = LEXICON.get(phrase) ?? [];
    if (!tags.includes(tag)) tags.push(tag);
    LEXICON.set(phrase, tags);
    longest = Math.max(longest, phrase.split(' ').length);
  }
}

export const LONGEST_PHRASE = longest;
export const tagsOf = (phrase: string): readonly Tag[] => LEXICON.get(phrase) ?? [];

/** Single words of all phrases: they are known, and misspelled words may be read as one of them. */
export function lexiconWords(): Set<string> {
  return new Set([...LEXICON.keys()].flatMap((phrase) => phrase.split(' ')));
}
