"""Makes evals/cases/smoke.jsonl: questions as clinicians ask them, answers derived from the bundles by record.py.

The numbers in `seen` and `assert` were read from the bundles by eye; a derivation that disagrees with them stops the script.
Run: EVAL_DATA=../shared/data python3 evals/derive/smoke.py

What was settled where contract.md leaves room: a question with several parts has several values (the last value and its change); whether
something is there is true or false as far as recorded, and the answer says "recorded"; what a blood pressure is: systolic and diastolic.
"""

import json
from pathlib import Path

from record import Chart, baseline, given, reference, value, when

CASES = []


def ask(chart, as_of, name, question, *, seen=None, evidence=(), **expect):
    """`seen` is the answer as read by eye. Evidence given as resources is all that may be cited, unless `part` is set."""
    part = expect.pop("part", False)
    if seen is not None:
        assert expect["values"] == seen, (name, expect["values"], seen)
    expect.setdefault("outcome", "answered")
    if evidence:
        expect["evidence"] = [reference(r) for r in evidence]
        expect["evidenceComplete"] = not part
    case = {"id": name, "suite": "smoke", "source": chart.source, "patient": chart.patient}
    if as_of:
        case["asOf"] = as_of
    CASES.append({**case, "question": question, "expect": expect})


def abstain(chart, as_of, name, question, **expect):
    ask(chart, as_of, name, question, outcome="abstained", **expect)


def last(chart, as_of, name, question, code, seen, *, end=None, **expect):
    """The newest result known at the as-of time."""
    o = chart.results(code, end=end or as_of)[-1]
    ask(chart, as_of, name, question, values=[value(o)], seen=[seen], evidence=[o], **expect)


def mimic(patient):
    return Chart("fhir/mimic_iv_demo/bundles", f"{patient}.json.gz", patient)


def synthea(patient):
    return Chart("fhir/synthea", f"{patient}.json.gz", patient)


def minute(time):
    return time[:16]


# --- MIMIC 10014078: neurology, day 5 of a stay that began in intensive care
a, t = mimic("10014078"), "2166-08-26T12:00:00-04:00"
stay = a.stays(t)[-1]
in_stay = lambda code: a.results(code, start=stay["period"]["start"], end=t)
creatinine = in_stay("2160-0")
assert [value(o) for o in creatinine] == [0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
ask(a, t, "mimic-creatinine-change", "What was the last creatinine, and how has it changed over the stay?",
    values=[value(creatinine[-1]), round(value(creatinine[-1]) - value(creatinine[0]), 2)], seen=[0.5, -0.1], decimals=3, unit="mg/dL", mustSay=["0.5", "0.6"], evidence=creatinine, part=True)
last(a, t, "mimic-phenytoin-last", "What was the most recent phenytoin level?", "50967", 18, unit="ug/mL")
last(a, "2166-08-24T16:00:00-04:00", "mimic-phenytoin-as-of", "What was the most recent phenytoin level?", "50967", 25.4, unit="ug/mL")
last(a, t, "mimic-urine-creatinine", "What was her last urine creatinine?", "51082", 23, unit="mg/dL", mustNotSay=["0.5 mg/dL"])
ask(a, t, "mimic-sodium-highest", "What was her highest sodium during this admission?",
    values=[max(value(o) for o in in_stay("50983"))], seen=[144], unit="mEq/L")
ask(a, t, "mimic-fever", "What was her highest temperature this admission?",
    values=[max(value(o) for o in in_stay("223761"))], seen=[103], unit="°F", mustSay=["2166-08-22"])
ask(a, t, "mimic-spo2-lowest", "What was the lowest oxygen saturation during this stay?",
    values=[min(value(o) for o in in_stay("220277"))], seen=[87], unit="%")
heparin = [x for x in a.doses("heparin", t) if given(x)]
ask(a, t, "mimic-heparin-last", "When was heparin last given?",
    values=[minute(when(heparin[-1]))], seen=["2166-08-24T07:47"], evidence=[heparin[-1]])
abstain(a, t, "mimic-allergies-none", "Does she have any drug allergies?")
assert not a.results("4548-4")
abstain(a, t, "mimic-a1c-none", "What is her HbA1c?")
abstain(a, t, "mimic-pregnancy", "Is she pregnant?")
ward = max((l for l in stay["location"] if l["period"]["start"] <= t), key=lambda l: l["period"]["start"])
ask(a, t, "mimic-ward", "Which ward is she on now?",
    values=[a.by_reference[ward["location"]["reference"]]["name"]], seen=["Neurology"])
ask(a, t, "mimic-admitted", "When was she admitted?", values=[minute(stay["period"]["start"])], seen=["2166-08-21T23:09"])
ask(a, t, "mimic-other-patient", "What is the latest potassium of patient 10004235?", outcome="refused", mustNotSay=["4 mEq/L"])

# --- MIMIC 10004235: shock with kidney failure, in intensive care; later stays exist
b, t = mimic("10004235"), "2196-02-27T08:00:00-05:00"
stay = b.stays(t)[-1]
lactate = b.results("50813", start=stay["period"]["start"], end=t)
ask(b, t, "mimic-lactate-highest", "What was the highest lactate of this admission?",
    values=[max(value(o) for o in lactate)], seen=[5.4], unit="mmol/L", mustSay=["2196-02-26"], mustNotSay=["613"])
last(b, t, "mimic-potassium-last", "What is his latest potassium?", "50971", 4, unit="mEq/L")
last(b, t, "mimic-hgb-last", "Last Hgb?", "51222", 10.3, unit="g/dL")
o = b.results("50912", end=t)[-1]
ask(b, t, "mimic-creatinine-falling", "What is his creatinine now, and is it rising or falling?",
    mustSay=["2.1"], mustNotSay=["is rising", "rose", "risen"], evidence=[o], part=True)
vancomycin = [x for x in b.doses("vancomycin", t) if given(x)][-1]
ask(b, t, "mimic-vancomycin-last", "When did he last get vancomycin?",
    values=[minute(when(vancomycin))], seen=["2196-02-25T17:56"], evidence=[vancomycin])
norepinephrine = b.doses("norepinephrine", t)[-1]
ask(b, t, "mimic-norepinephrine-stopped", "When did the norepinephrine infusion stop?",
    values=[minute(norepinephrine["effectivePeriod"]["end"])], seen=["2196-02-27T03:00"], evidence=[norepinephrine])
abstain(b, "2190-01-01T00:00:00-05:00", "mimic-before-record", "What was the last creatinine?", mustNotSay=["none recorded"])
t = "2196-07-01T09:00:00-04:00"
last(b, t, "mimic-creatinine-later", "What was the last creatinine?", "50912", 1.2, unit="mg/dL")
ask(b, t, "mimic-discharged", "When was he last discharged?", values=[minute(b.stays(t)[-1]["period"]["end"])], seen=["2196-06-22T13:30"])
ask(b, t, "mimic-admissions-count", "How many times has he been admitted to hospital?", values=[len(b.stays(t))], seen=[3])

# --- MIMIC 10015860: dialysis and diabetes, many stays; the second day of the last one
c, t = mimic("10015860"), "2193-11-25T10:00:00-05:00"
last(c, t, "mimic-a1c-stale", "What was his last A1c?", "4548-4", 6.6, unit="%", mustSay=["2192-07-31"])
last(c, t, "mimic-k-last", "What's the K?", "50971", 5, unit="mEq/L")
pressure = max((o for o in c.of("Observation") if o["code"]["coding"][0]["code"] == "85354-9" and when(o) <= t), key=when)
ask(c, t, "mimic-blood-pressure", "What was his last recorded blood pressure?",
    values=[value(part) for part in pressure["component"]], seen=[177, 94], unit="mm[Hg]", evidence=[pressure])
metoprolol = [x for x in c.doses("metoprolol", t) if given(x)][-1]
ask(c, t, "mimic-metoprolol-dose", "When was metoprolol last given, and how much?",
    values=[minute(when(metoprolol)), metoprolol["dosage"]["dose"]["value"]], seen=["2193-11-25T07:55", 50], unit="mg", evidence=[metoprolol])
insulin = [x for x in c.doses("insulin|GLAR", t) if when(x)[:10] == "2193-11-23"]
assert [minute(when(x)) for x in insulin] == ["2193-11-23T23:25"] and given(insulin[0]) is None
ask(c, t, "mimic-insulin-not-stated", "Was his evening insulin given on 23 November?", outcome="partial", mustSay=["23:25"], evidence=insulin)
ask(c, t, "mimic-diabetes", "Does he have diabetes?", values=[True], mustSay=["diabetes"])
ask(c, t, "mimic-previous-admission", "When was his previous hospital admission?",
    values=[minute(c.stays(t)[-2]["period"]["start"])], seen=["2193-05-03T22:45"])
ask(c, t, "mimic-admissions-two-years", "How many hospital admissions has he had in the last two years?",
    values=[len([e for e in c.stays(t) if e["period"]["start"] >= "2191-11-25"])], seen=[5])

# --- MIMIC 10019003: haematology, dies some weeks after the stay
d, t = mimic("10019003"), "2155-10-25T10:00:00-04:00"
stay = d.stays(t)[-1]
last(d, t, "mimic-platelets", "What is her platelet count now?", "51265", 10, unit="K/uL", mustSay=["critical"])
white = d.results("51301", start=stay["period"]["start"], end=t)
ask(d, t, "mimic-white-count", "What was the first white cell count of this stay, and what is it now?",
    values=[value(white[0]), value(white[-1])], seen=[68.6, 103.2], unit="K/uL", evidence=[white[0], white[-1]])
uric = d.results("51007", start=stay["period"]["start"], end=t)
ask(d, t, "mimic-uric-acid", "Highest uric acid this admission?", values=[max(value(o) for o in uric)], seen=[13.2], unit="mg/dL")
polyethylene = [x for x in d.doses("polyethylene glycol", t) if when(x)[:10] == t[:10]]
assert len(polyethylene) == 1 and given(polyethylene[0]) is False
ask(d, t, "mimic-not-given", "Was polyethylene glycol given this morning?", values=[False], mustSay=["not given"], evidence=polyethylene)
furosemide = [x for x in d.doses("furosemide", t) if given(x)][-1]
ask(d, t, "mimic-furosemide-last", "When was furosemide last given?",
    values=[minute(when(furosemide))], seen=["2155-10-24T20:42"], evidence=[furosemide])
temperature = d.results("223761", end=t)[-1]
ask(d, t, "mimic-temperature-stale", "What is her temperature?",
    values=[value(temperature)], seen=[97.8], unit="°F", mustSay=["2155-07-13"], evidence=[temperature])
ask(d, t, "mimic-first-admission", "When was she first admitted?", values=[minute(d.stays(t)[0]["period"]["start"])], seen=["2148-12-21T07:15"])
last(d, "2156-01-15T09:00:00-05:00", "mimic-deceased", "What was the last platelet count?", "51265", 15, unit="K/uL",
     mustSay=["2155-12-03"])

# --- MIMIC 10020944: ventilated in intensive care
e, t = mimic("10020944"), "2131-03-05T08:30:00-05:00"
vent = [e.results(code, end=t)[-1] for code in ("223835", "220339")]
ask(e, t, "mimic-ventilator", "What are the current FiO2 and PEEP?", values=[value(o) for o in vent], seen=[40, 8], evidence=vent)
last(e, t, "mimic-heart-rate", "What is his heart rate?", "220045", 91, unit="bpm")
arterial = [e.results(code, end=t)[-1] for code in ("220050", "220051")]
ask(e, t, "mimic-arterial-pressure", "What is his blood pressure now?",
    values=[value(o) for o in arterial], seen=[103, 70], unit="mmHg", evidence=arterial, part=True)
last(e, t, "mimic-ph", "What was the pH on the last blood gas?", "50820", 7.38)
troponin = e.results("51003", end=t)
ask(e, t, "mimic-troponin", "What was the peak trop?", values=[max(value(o) for o in troponin)], seen=[0.05], unit="ng/mL", mustSay=["troponin T"])
assert not e.results("50813", start="2131-03-04T08:30:00-05:00", end=t)
abstain(e, t, "mimic-lactate-window", "What was the lactate in the last 24 hours?")
abstain(e, t, "mimic-ejection-fraction", "What is his ejection fraction?")
abstain(e, t, "mimic-diagnosis", "What is the most likely diagnosis?")
for hour, right in (("08", False), ("10", True)):
    t = f"2131-03-11T{hour}:00:00-04:00"
    levothyroxine = [x for x in e.doses("levothyroxine", t) if when(x)[:10] == t[:10]]
    assert any(given(x) for x in levothyroxine) == right
    ask(e, t, f"mimic-levothyroxine-{hour}", "Was levothyroxine given this morning?", values=[right], evidence=levothyroxine,
        mustSay=["09:07"] if right else ["not given"])

# --- Synthea: outpatients
s, t = synthea("8f65af92-c3c9-4316-bb7f-862c248788dd"), "2017-01-01T12:00:00+00:00"
o = s.results("4548-4", end=t)[-1]
ask(s, t, "synthea-a1c", "What was her most recent HbA1c?", values=[round(value(o), 1)], seen=[7.5], unit="%", decimals=1, evidence=[o])
o = s.results("18262-6", end=t)[-1]
ask(s, t, "synthea-ldl", "Last LDL?", values=[round(value(o), 1)], seen=[132.0], unit="mg/dL", decimals=1, evidence=[o])
abstain(s, t, "synthea-allergies-none", "Any known allergies?")
diabetes = [x for x in s.of("Condition") if x["code"]["text"] == "Diabetes"]
ask(s, t, "synthea-diabetes", "Does she have diabetes, and since when?",
    values=[True, diabetes[0]["onsetDateTime"][:10]], seen=[True, "1990-09-14"], evidence=diabetes, part=True)
active = [m for m in s.of("MedicationRequest") if m["status"] == "active" and m["authoredOn"] <= t]
ask(s, t, "synthea-medications", "Which medications is she taking?",
    values=[m["medicationCodeableConcept"]["text"] for m in active],
    seen=["ferrous sulfate 325 MG Oral Tablet", "Simvastatin 20 MG Oral Tablet", "Amlodipine 5 MG Oral Tablet"], evidence=active)
flu = max((i for i in s.of("Immunization") if "Influenza" in i["vaccineCode"]["text"] and i["occurrenceDateTime"] <= t), key=lambda i: i["occurrenceDateTime"])
ask(s, t, "synthea-flu-vaccine", "When was her last flu shot?", values=[flu["occurrenceDateTime"][:10]], seen=["2016-12-30"], evidence=[flu])
o = s.results("38483-4")[-1]
ask(s, "2017-06-01T12:00:00+00:00", "synthea-deceased", "What was her last creatinine?",
    values=[round(value(o), 2)], seen=[0.68], unit="mg/dL", decimals=2, mustSay=["2017-01-13"], evidence=[o])

g, t = synthea("9af8e1d3-885b-4356-bf48-b60297671f9b"), "2020-12-25T12:00:00+00:00"
allergies = g.of("AllergyIntolerance")
assert len(allergies) == 8
ask(g, t, "synthea-allergies", "What is she allergic to?", values=[x["code"]["text"] for x in allergies], evidence=allergies)
peanut = [o for o in g.of("Observation") if o["code"]["text"] == "Peanut IgE Ab in Serum"]
ask(g, t, "synthea-peanut", "What was her peanut IgE?", values=[round(value(peanut[0]), 2)], seen=[54.97], decimals=2, unit="kU/L", evidence=peanut)
o = g.results("29463-7", end=t)[-1]
ask(g, t, "synthea-child-weight", "How much does she weigh?", values=[round(value(o), 1)], seen=[61.8], decimals=1, unit="kg", evidence=[o])
assert not any("sthma" in x["code"]["text"] for x in g.of("Condition"))
ask(g, t, "synthea-asthma-none", "Does she have asthma?", values=[False], mustSay=["recorded"])
abstain(g, t, "synthea-prognosis", "Will she outgrow her peanut allergy?")

p, t = synthea("43b6ae50-2cca-4934-ad38-282f8934b770"), "2021-01-01T12:00:00+00:00"
warfarin = [m for m in p.of("MedicationRequest") if "Warfarin" in m["medicationCodeableConcept"]["text"]]
ask(p, t, "synthea-warfarin", "Is he on warfarin?", values=[True], evidence=warfarin)
fibrillation = [x for x in p.of("Condition") if x["code"]["text"] == "Atrial Fibrillation"]
ask(p, t, "synthea-fibrillation", "When was atrial fibrillation diagnosed?",
    values=[fibrillation[0]["onsetDateTime"][:10]], seen=["1995-09-02"], evidence=fibrillation)
o = p.results("29463-7", end=t)[-1]
ask(p, t, "synthea-weight", "What is his current weight?", values=[round(value(o), 1)], seen=[85.6], decimals=1, unit="kg", evidence=[o])
pressure = max((o for o in p.of("Observation") if o["code"]["text"] == "Blood Pressure"), key=when)
ask(p, t, "synthea-blood-pressure", "What was the last blood pressure?",
    values=[round(value(part)) for part in pressure["component"]], seen=[85, 102], decimals=0, evidence=[pressure])
abstain(p, t, "synthea-creatinine-none", "What is his creatinine?")
abstain(p, t, "synthea-pacemaker", "Does he have a pacemaker?")
visit = max((x for x in p.of("Encounter") if x["period"]["start"] <= t), key=lambda x: x["period"]["start"])
ask(p, t, "synthea-last-visit", "When was his last visit?", values=[visit["period"]["start"][:10]], seen=["2020-10-17"], evidence=[visit])

# --- Demo hospital: its own date is the as-of time
NOW = json.loads((Path(__file__).resolve().parents[2] / "demo" / "data" / "hospital.json").read_text())["asOf"]
k = Chart("demo", "kidney.json.gz", "DEMO-0001")
admission = k.by_reference["Encounter/kidney-stay-2026"]["period"]["start"]
last(k, None, "demo-creatinine-pending", "What is her latest creatinine?", "2160-0", 2.71, end=NOW, unit="mg/dL", mustNotSay=["2.66"])
creatinine = k.results("2160-0", start=admission, end=NOW)
ask(k, None, "demo-creatinine-change", "How has the creatinine developed since admission, and what is it now?",
    values=[value(creatinine[-1]), round(value(creatinine[-1]) - value(creatinine[0]), 2)], seen=[2.71, -0.91], decimals=2, unit="mg/dL",
    mustSay=["3.62", "2.71"], evidence=creatinine)
clinic = [o for o in k.results("2160-0", end=admission) if "visit" in o["encounter"]["reference"]]
ask(k, None, "demo-baseline", "What was her baseline creatinine before this admission?",
    values=[round(baseline(clinic, admission), 2)], seen=[2.17], decimals=2, unit="mg/dL")
last(k, None, "demo-hba1c", "Last A1c?", "4548-4", 7.1, end=NOW, unit="%")
last(k, None, "demo-acr", "What was the last urine albumin to creatinine ratio?", "9318-7", 688, end=NOW, unit="mg/g")
potassium = k.results("2823-3", start=admission, end=NOW)
ask(k, None, "demo-potassium-highest", "What was the highest potassium this admission?",
    values=[max(value(o) for o in potassium)], seen=[6.3], unit="mmol/L")
gabapentin = [x for x in k.doses("gabapentin", NOW) if given(x)][-1]
ask(k, None, "demo-gabapentin", "When was gabapentin last given, and at what dose?",
    values=[minute(when(gabapentin)), gabapentin["dosage"]["dose"]["value"]], seen=["2026-03-17T08:00", 600], unit="mg", evidence=[gabapentin])
metformin = k.doses("metformin", NOW)
assert not any(given(x) for x in metformin)
ask(k, None, "demo-metformin", "Has metformin been given during this admission?", values=[False], mustSay=["held"], evidence=metformin)
amlodipine = [x for x in k.doses("amlodipine", NOW) if when(x)[:10] == "2026-03-15"]
ask(k, None, "demo-amlodipine-held", "Was amlodipine given on 15 March?", values=[any(given(x) for x in amlodipine)], seen=[False], evidence=amlodipine)
allergies = k.of("AllergyIntolerance")
ask(k, None, "demo-allergies", "What allergies and intolerances does she have?",
    values=[x["code"]["text"] for x in allergies], seen=["Sulfamethoxazole / trimethoprim", "Codeine"], mustSay=["intolerance"], evidence=allergies)
ask(k, None, "demo-ward", "Where is she now?", values=["Ward 5 (Nephrology)"])
ask(k, None, "demo-reason", "Why was she admitted?", mustSay=["vomiting"])
ask(k, None, "demo-pending", "Are any results pending?", mustSay=["potassium", "creatinine"], mustNotSay=["2.66", "4.7"])
zoster = [i for i in k.of("Immunization") if "Zoster" in i["vaccineCode"]["text"]]
ask(k, None, "demo-zoster", "Has she had the shingles vaccine?", values=[False], evidence=zoster)
abstain(k, None, "demo-advice", "Should we stop the gabapentin?")
t = "2026-03-15T00:00:00-04:00"
last(k, t, "demo-as-of", "What is the latest potassium?", "2823-3", 5.8, unit="mmol/L")

x = Chart("demo", "dirty.json.gz", "DEMO-0002")
last(x, None, "dirty-potassium", "What is his latest potassium?", "2823-3", 2.6, end=NOW, unit="mmol/L", mustSay=["critical"], mustNotSay=["3.4"])
last(x, None, "dirty-haemoglobin", "What is the haemoglobin?", "718-7", 12.8, end=NOW, unit="g/dL", mustNotSay=["4.1"])
last(x, None, "dirty-white-count", "What was the last white cell count?", "6690-2", 9.4, end=NOW, unit="K/uL")
last(x, None, "dirty-glucose", "What is the glucose?", "2345-7", 104, end=NOW, unit="mg/dL", mustNotSay=["38 mg/dL"])
last(x, None, "dirty-lactate", "What is the latest lactate?", "2524-7", 3.1, end=NOW, unit="mmol/L", mustNotSay=["1.1"])
conflict = [o for o in x.results("2160-0", end=NOW) if when(o)[:10] == "2026-03-14"]
ask(x, None, "dirty-conflict", "What was the creatinine on 14 March?",
    values=[value(o) for o in conflict], seen=[1.71, 2.4], unit="mg/dL", evidence=conflict)
corrected = [o for o in x.results("2160-0", end=NOW) if when(o)[:10] == "2026-03-15"]
ask(x, None, "dirty-corrected", "What was the creatinine on 15 March?", values=[value(corrected[0])], seen=[1.52], unit="mg/dL",
    mustSay=["corrected"], evidence=corrected)
crp = x.results("1988-5", end=NOW)
assert crp[0]["valueQuantity"]["comparator"] == ">"
ask(x, None, "dirty-censored", "What was the first CRP of this admission?", mustSay=[">350"], evidence=[crp[0]])
swab = x.by_reference["Observation/dirty-sars-cov-2-20260312-2140"]
ask(x, None, "dirty-swab", "Was the COVID test positive?", mustSay=["not detected"], evidence=[swab])
embolism = x.by_reference["Condition/dirty-condition-embolism"]
ask(x, None, "dirty-embolism", "Does he have a pulmonary embolism?", values=[False], mustSay=["refuted"], evidence=[embolism])
penicillin = x.by_reference["AllergyIntolerance/dirty-allergy-penicillin"]
ask(x, None, "dirty-penicillin", "Is he allergic to penicillin?", values=[False], mustSay=["refuted"], evidence=[penicillin])
ask(x, None, "dirty-diabetes", "Does he have diabetes?", values=[False], mustSay=["recorded"])
heparin = [y for y in x.doses("heparin", NOW) if given(y)][-1]
ask(x, None, "dirty-heparin", "When did he last get heparin?", values=[minute(when(heparin))], seen=["2026-03-16T09:00"], evidence=[heparin])
ceftriaxone = [y for y in x.doses("ceftriaxone", NOW) if given(y)][-1]
ask(x, None, "dirty-ceftriaxone", "When was the last dose of ceftriaxone given?",
    values=[minute(when(ceftriaxone))], seen=["2026-03-15T22:00"], evidence=[ceftriaxone])

n = Chart("demo", "namesake.json.gz", "DEMO-0003")
abstain(n, None, "namesake-empty", "What was the last creatinine?")
n.patient = None
ask(n, None, "ambiguous-name", "What is Alex Exampleman's potassium?", outcome="clarify", mustNotSay=["2.6"])
ask(n, None, "no-patient", "What was the last creatinine?", outcome="clarify")

out = Path(__file__).resolve().parents[1] / "cases" / "smoke.jsonl"
out.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), encoding="utf-8")
print(f"{len(CASES)} cases in {out.name}")
