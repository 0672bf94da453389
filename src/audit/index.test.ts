import { expect, test } from 'vitest';
import type { AuditRecord } from '../store/index.ts';
import { openAudit } from './index.ts';

test('a record gets its time and is handed to the store before write() ends', async () => {
  const written: Omit<AuditRecord, 'id'>[] = [];
  const audit = openAudit({
    appendAudit: async (record) => {
      written.push(record);
      return 'r1';
    },
  });
  const entry = { principal: 'local', way: 'mcp', patient: 'p1', event: 'mcp' as const, detail: { tool: 'fetch_labs' } };
  expect(await audit.write(entry)).toBe('r1');
  expect(written).toEqual([{ ...entry, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }]);
});

test('an audit that cannot be written is an error that says so, without the cause in its text', async () => {
  const audit = openAudit({ appendAudit: () => Promise.reject(new Error('disk full at /secret/path')) });
  const failed = audit.write({ principal: 'local', way: 'cli', patient: null, event: 'question', detail: null });
  await expect(failed).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('nothing is shown') });
  await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining('/secret/path') });
});
