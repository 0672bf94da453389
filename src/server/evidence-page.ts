// A piece of evidence as a page of its own: where the links in a chat answer lead. Every text goes through hono's escaping.
import { html } from 'hono/html';
import { formatTime, type PatientLock } from '../evidence/index.ts';
import type { StoredEvidence } from '../store/index.ts';
import type { InputsPage } from './evidence.ts';
import { factsOf, type Item, isEvidence, kindOf, titleOf, valueText } from './page/facts.ts';

/** @param lock null where the patient cannot be named now. */
export function evidencePage({ item, patients }: StoredEvidence, lock: PatientLock | null, inputs: InputsPage | null) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(item)} · evidence</title>
<link rel="icon" href="../../page/icon.svg">
<link rel="stylesheet" href="../../page/page.css">
</head>
<body class="evidence-page">
<header class="patient" aria-label="Patient">${patientLine(patients, lock)}</header>
<main>
<p class="kind">${kindOf(item)}</p>
<h1>${titleOf(item)}</h1>
<dl class="facts">${factsOf(item).map((fact) => html`<div><dt>${fact.label}</dt><dd>${fact.text}</dd></div>`)}</dl>
${inputs === null ? '' : inputsTable(item, inputs)}
</main>
<footer>Evidence ${item.id}. Research use only; not for diagnosis or treatment.</footer>
</body>
</html>`;
}

function patientLine(patients: string[], lock: PatientLock | null) {
  if (lock === null)
    return html`<p class="name">${patients.length === 0 ? 'General knowledge: about no patient' : `Patient ${patients.join(', ')}`}</p>`;
  const facts = [lock.birthDate && `born ${lock.birthDate}`, lock.sex, lock.identifier && `number ${lock.identifier}`].filter(Boolean);
  return html`<p class="name">${lock.name ?? `Patient ${lock.identifier ?? lock.id}`}</p><p>${facts.join(' · ')}</p>`;
}

function inputsTable(item: Item, { inputs, missing, page, pages, total }: InputsPage) {
  const what = isEvidence(item) ? 'Rests on' : 'Evidence of this flag';
  const link = (to: number, text: string) => html`<a href="?inputs=${to}">${text}</a> `;
  return html`<section aria-labelledby="inputs"><h2 id="inputs">${what} ${total} ${total === 1 ? 'record' : 'records'}</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">Time</th><th scope="col">Status</th></tr></thead>
<tbody>${inputs.map((input) => {
    const cells = isEvidence(input)
      ? [valueText(input), input.time ? formatTime(input.time) : '', input.status ?? '']
      : [kindOf(input), '', ''];
    return html`<tr><th scope="row"><a href="${encodeURIComponent(input.id)}">${titleOf(input)}</a></th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  })}</tbody>
</table></div>
${missing.length === 0 ? '' : html`<p>${missing.length} more cannot be opened here.</p>`}
${pages === 1 ? '' : html`<nav aria-label="Pages">Page ${page} of ${pages}. ${page > 1 ? link(page - 1, 'Previous') : ''}${page < pages ? link(page + 1, 'Next') : ''}</nav>`}
</section>`;
}
