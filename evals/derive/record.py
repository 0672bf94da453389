"""Reads the bundles directly, with the standard library alone: truth for evals that the copilot's own code did not make."""

import gzip
import json
import os
import re
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EVAL_DATA", ROOT.parent / "shared" / "data"))


class Chart:
    """One patient's bundle. `source` and `patient` are what an eval case names."""

    def __init__(self, source, file, patient):
        self.source, self.patient = source, patient
        path = ROOT / "demo" / "data" / file if source == "demo" else DATA / source / file
        entries = json.load(gzip.open(path))["entry"]
        self.all = [e["resource"] for e in entries]
        self.by_reference = {f"{r['resourceType']}/{r['id']}": r for r in self.all}

    def of(self, kind):
        return [r for r in self.all if r["resourceType"] == kind]

    def results(self, code, start="", end="9", usable=True):
        """Observations with this code, oldest first, collected from start to end as local time; known once issued."""
        found = []
        for o in self.of("Observation"):
            codes = [c.get("code") for c in o["code"].get("coding", [])]
            time = when(o)
            if code not in codes or not time or not start <= time <= end or o.get("issued", "") > end:
                continue
            if usable and (o["status"] == "entered-in-error" or "modifierExtension" in o or "valueQuantity" not in o):
                continue
            found.append(o)
        return sorted(found, key=when)

    def doses(self, pattern, end="9"):
        """Administrations whose own name, or that of the order behind them, matches; oldest first."""
        found = []
        for a in self.of("MedicationAdministration"):
            order = self.by_reference.get(a.get("request", {}).get("reference", ""), {})
            if re.search(pattern, self.drug(a) + " " + self.drug(order), re.I) and when(a) <= end:
                found.append(a)
        return sorted(found, key=when)

    def drug(self, r):
        words = []
        for c in [r.get("medicationCodeableConcept"), r.get("code")]:
            if c:
                words += [c.get("text", "")] + [x.get("display") or x.get("code", "") for x in c.get("coding", [])]
        words += [i["value"] for i in r.get("identifier", [])] if r.get("resourceType") == "Medication" else []
        reference = r.get("medicationReference", {}).get("reference", "")
        target = self.by_reference.get(reference) or next((c for c in r.get("contained", []) if "#" + c["id"] == reference), None)
        if target:
            words.append(self.drug(target))
        for part in r.get("ingredient", []):
            item = part.get("itemReference", {}).get("reference")
            words.append(self.drug(self.by_reference[item]) if item else part["itemCodeableConcept"].get("text", ""))
        return " ".join(words)

    def stays(self, end="9"):
        """Hospital stays begun by `end`, oldest first: not the emergency and intensive-care parts of one."""
        found = [e for e in self.of("Encounter") if e["period"]["start"] <= end]
        hospital = [e for e in found if e["identifier"][0]["system"].endswith("encounter-hosp")] if found[0].get("identifier") else found
        return sorted(hospital, key=lambda e: e["period"]["start"])


def when(r):
    return r.get("effectiveDateTime") or (r.get("effectivePeriod") or {}).get("start")


def value(o):
    return o["valueQuantity"]["value"]


def reference(r):
    return f"{r['resourceType']}/{r['id']}"


def given(a):
    """Whether a dose went into the patient: status and the ward's own word together; None where neither tells."""
    if a["status"] in ("not-done", "entered-in-error", "on-hold"):
        return False
    method = a.get("dosage", {}).get("method", {})
    word = method.get("text") or (method.get("coding") or [{}])[0].get("code")
    if word and re.search(r"not given|hold|refused|not flushed|stopped", word, re.I):
        return False
    # MIMIC charts every dose as completed; only the ward's word tells what happened. Elsewhere `completed` is FHIR's own word for given.
    mimic = any("mimic" in profile for profile in a.get("meta", {}).get("profile", []))
    return None if mimic and not word else True


def baseline(results, admission):
    """Median of the outpatient values 7 to 365 days before admission (KDIGO's convention as the work order has it)."""
    from datetime import datetime

    day = lambda t: datetime.fromisoformat(t[:19])
    return median(value(o) for o in results if 7 <= (day(admission) - day(when(o))).days <= 365)
