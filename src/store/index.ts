import type { Config } from '../config.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export type * from './store.ts';

/** The store of this process: `copilot.sqlite` in DATA_DIR. Throws CopilotError `config` when it cannot be used. */
export async function openStore(config: Pick<Config, 'DATA_DIR'>): Promise<Store> {
  return openSqlite(config.DATA_DIR);
}
