// Opens what a command needs, and closes it whatever happens.
import { type Audit, openAudit } from '../audit/index.ts';
import { type Config, readConfig } from '../config.ts';
import { openStore, type Store } from '../store/index.ts';
import type { Sources } from '../tools/index.ts';
import { openKnowledge } from '../tools/knowledge/index.ts';
import { openRecordSource } from '../tools/record/fhir/index.ts';

export type House = { config: Config; sources: Sources; store: Store; audit: Audit; close: () => Promise<void> };

/** @param env replaces process.env, for options that override a variable (--as-of). */
export async function openHouse(env: Record<string, string | undefined> = process.env): Promise<House> {
  const config = readConfig(env);
  const knowledge = openKnowledge(config.KNOWLEDGE_DIR);
  const store = await openStore(config);
  try {
    const record = await openRecordSource(config);
    const close = async () => {
      await record.close();
      await store.close();
    };
    return { config, sources: { record, knowledge }, store, audit: openAudit(store), close };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** An AbortSignal for Ctrl-C and SIGTERM. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
