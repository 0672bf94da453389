// Asks one question about a demo patient over HTTP, as any client would, and prints each sentence with what it rests on.
//   npm start                                   (in another terminal)
//   node_modules/.bin/node examples/ask-one-patient.ts [http://127.0.0.1:8080]
import type { Answer } from '../src/evidence/index.ts';

const [base = 'http://127.0.0.1:8080'] = process.argv.slice(2);
const response = await fetch(`${base}/api/ask`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ patient: 'DEMO-0001', question: 'What was the last creatinine, and is she on metformin?' }),
});
if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
const answer = (await response.json()) as Answer;

console.log(`${answer.outcome}: ${answer.patient?.name}, as of ${answer.asOf}`);
for (const { text, citations } of answer.sentences) {
  console.log(`- ${text}`);
  for (const id of citations) console.log(`    ${base}/api/evidence/${id}`);
}
