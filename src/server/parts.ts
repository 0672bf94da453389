// What the server is made of, and what a request carries on its way through.
import type { Logger } from 'pino';
import type { Copilot } from '../agent/types.ts';
import type { Audit } from '../audit/index.ts';
import type { Config } from '../config.ts';
import type { Store } from '../store/index.ts';
import type { Sources } from '../tools/index.ts';

export type ServerParts = {
  config: Config;
  copilot: Copilot;
  sources: Sources;
  store: Store;
  audit: Audit;
  /** MCP over Streamable HTTP. `patient` is the one that the address locks, null at `/mcp`. */
  mcp?: (request: Request, caller: { patient: string | null; principal: string }) => Promise<Response>;
  /** Default: pino to standard error at LOG_LEVEL. */
  log?: Logger;
};

/** As the routes get it. */
export type Parts = ServerParts & { log: Logger };

export type Env = {
  Variables: {
    /** Who asks: `local`, until tokens are checked. */
    principal: string;
    /** The id of the answer that the request makes, for the log. */
    answer: string;
  };
};
