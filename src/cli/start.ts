// `npm start`: page, chat API, evidence and MCP on one loopback port.
import { createCopilot } from '../agent/index.ts';
import { createMcpHttp } from '../mcp/index.ts';
import { createServer, listen, type ServerParts } from '../server/index.ts';
import { type House, openHouse } from './open.ts';
import { describeOptions, parseOptions } from './options.ts';

export async function start(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('start', argv, {});
  if (values.help || positionals.length > 0) {
    process.stdout.write(
      `npm start\n\nServes the copilot on http://HOST:PORT (default 127.0.0.1:8080) until it is stopped.\n\n${describeOptions({})}\n`,
    );
    return values.help ? 0 : 2;
  }
  const house = await openHouse();
  const mcp = createMcpHttp(house);
  const close = async () => {
    await mcp.close();
    await house.close();
  };
  // What cannot start must also end: an open record server would keep the process alive.
  const { copilot, listening } = await serve(house, mcp.fetch).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const health = await house.sources.record.health(AbortSignal.timeout(5000));
  process.stdout.write(
    `Open Clinical Copilot on ${listening.url} · record: ${health.message} · models: none · language model: ${copilot.model.provider === 'reader' ? 'none, the built-in reader answers' : copilot.model.name}\n`,
  );
  // Listening first, then what is slow to load: the first question finds it ready. A failure shows at the first question.
  await copilot.warm?.().catch(() => {});
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await listening.close();
  await close();
  return 130;
}

async function serve(house: House, mcp: ServerParts['mcp']) {
  const copilot = await createCopilot(house);
  return { copilot, listening: await listen(createServer({ ...house, copilot, ...(mcp === undefined ? {} : { mcp }) }), house.config) };
}
