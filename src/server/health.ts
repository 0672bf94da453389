// Whether the process lives, and whether it can answer now.
import type { Hono } from 'hono';
import type { Env, Parts } from './parts.ts';

type Check = { ok: boolean; message: string };
const TIMEOUT_MS = 5_000;

export function healthRoutes(app: Hono<Env>, { copilot, sources, store }: Parts): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const [record, kept] = await Promise.all([
      check('The record', () => sources.record.health(signal)),
      check('The store', async () => {
        await store.answer('none', c.get('principal'));
        return { ok: true, message: 'The store answers.' };
      }),
    ]);
    const ready = record.ok && kept.ok;
    return c.json({ ready, model: copilot.model, checks: { record, store: kept } }, ready ? 200 : 503);
  });
}

async function check(what: string, probe: () => Promise<Check>): Promise<Check> {
  try {
    return await probe();
  } catch {
    return { ok: false, message: `${what} does not answer.` };
  }
}
