// GET /api/evidence/:id: what an answer rests on, as JSON or as a page to read. Only who was shown it may open it.
import type { Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { CopilotError } from '../errors.ts';
import type { Completeness, Evidence, Flag } from '../evidence/index.ts';
import type { StoredEvidence } from '../store/index.ts';
import { resolvePatient } from '../tools/record/fhir/index.ts';
import { evidencePage } from './evidence-page.ts';
import { inputIds } from './page/facts.ts';
import { PAGE_POLICY } from './page.ts';
import type { Env, Parts } from './parts.ts';

const INPUTS_PER_PAGE = 100;

export type InputsPage = {
  /** From 1. */
  page: number;
  pages: number;
  total: number;
  inputs: (Evidence | Completeness | Flag)[];
  /** Ids of this page's inputs that were not shown with the answer, so that they do not open. */
  missing: string[];
};

export function evidenceRoutes(app: Hono<Env>, { sources, store, audit }: Parts): void {
  app.get('/api/evidence/:id', async (c) => {
    const id = c.req.param('id');
    const principal = c.get('principal');
    const open = (each: string) => store.evidence(each, principal);
    const stored = await open(id);
    if (stored === null) throw new CopilotError('not_found', 'No evidence of this id was shown to you.');
    const type = typeFor(c);
    const asked = c.req.query('inputs');
    const inputs = asked === undefined && type === 'json' ? null : await readInputs(stored, asked ?? '', open);
    if (asked !== undefined && inputs === null)
      throw new CopilotError('bad_input', 'inputs: this evidence is no calculation, so it has none.');
    const detail = { id, ...(inputs === null ? {} : { inputs: inputs.page }) };
    await audit.write({ principal, way: 'api', patient: stored.patients[0] ?? null, event: 'evidence', detail });
    c.header('Vary', 'Accept');
    if (type === 'json') return c.json(inputs === null ? stored.item : { id, ...inputs });
    c.header('Content-Security-Policy', PAGE_POLICY);
    const [first] = stored.patients;
    // Named as recorded now; where the record cannot be reached, the id stands alone.
    const lock = first === undefined ? null : await resolvePatient(sources.record, first, c.req.raw.signal).catch(() => null);
    return c.html(evidencePage(stored, lock, inputs));
  });
}

function typeFor(c: Context<Env>): 'json' | 'html' {
  const type = accepts(c, { header: 'Accept', supports: ['application/json', 'text/html'], default: '' });
  if (type === 'text/html') return 'html';
  if (type === '' && !/\*\/\*|application\/\*/.test(c.req.header('accept') ?? '*/*'))
    throw new CopilotError('not_acceptable', 'Evidence is given as application/json or text/html.');
  return 'json';
}

/** Null where the evidence rests on no other. Throws CopilotError `bad_input` for a page that there is not. */
async function readInputs(
  { item }: StoredEvidence,
  asked: string,
  open: (id: string) => Promise<StoredEvidence | null>,
): Promise<InputsPage | null> {
  const ids = inputIds(item);
  if (ids.length === 0) return null;
  const pages = Math.ceil(ids.length / INPUTS_PER_PAGE);
  const page = asked === '' ? 1 : Number(asked);
  if (!Number.isInteger(page) || page < 1 || page > pages)
    throw new CopilotError('bad_input', `inputs: expected a page from 1 to ${pages}.`);
  const wanted = ids.slice((page - 1) * INPUTS_PER_PAGE, page * INPUTS_PER_PAGE);
  const found = await Promise.all(wanted.map(open));
  return {
    page,
    pages,
    total: ids.length,
    inputs: found.flatMap((each) => (each === null ? [] : [each.item])),
    missing: wanted.filter((_, i) => found[i] === null),
  };
}
