// Who can be asked about.
import type { Hono } from 'hono';
import { CopilotError } from '../errors.ts';
import { asOfTime } from '../tools/context.ts';
import { resolvePatient, searchPatients } from '../tools/record/fhir/index.ts';
import type { Env, Parts } from './parts.ts';

export function patientRoutes(app: Hono<Env>, { config, sources, audit }: Parts): void {
  const record = sources.record;

  app.get('/api/patients', async (c) => {
    const query = c.req.query('q') ?? '';
    const found = await searchPatients(record, query, null, c.req.raw.signal);
    const { status, reason } = found;
    if (status === 'unavailable' || status === 'absent_from_source')
      throw new CopilotError('unavailable', `Patients could not be searched: ${reason ?? 'the source failed'}.`);
    const patients = found.patients.map(({ lock }) => lock);
    const detail = { query, shown: patients.map((lock) => lock.id) };
    await audit.write({ principal: c.get('principal'), way: 'api', patient: null, event: 'patients', detail });
    return c.json({ patients, status, reason });
  });

  app.get('/api/patients/:id', async (c) => {
    const lock = await resolvePatient(record, c.req.param('id'), c.req.raw.signal);
    await audit.write({ principal: c.get('principal'), way: 'api', patient: lock.id, event: 'patients', detail: { shown: [lock.id] } });
    return c.json({ ...lock, asOf: asOfTime(config, sources), server: record.server });
  });
}
