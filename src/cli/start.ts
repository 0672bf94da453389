// `npm start`: page, chat API, evidence and MCP on one loopback port.
import { createCopilot } from '../agent/index.ts';
import { createMcpHttp } from '../mcp/index.ts';
import { createServer, listen } from '../server/index.ts';
import { openHouse } from './open.ts';
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
  const copilot = await createCopilot(house);
  const mcp = createMcpHttp(house);
  const listening = await listen(createServer({ ...house, copilot, mcp: mcp.fetch }), house.config);
  const health = await house.sources.record.health(AbortSignal.timeout(5000));
  process.stdout.write(
    `Open Clinical Copilot on ${listening.url} · record: ${health.message} · models: none · language model: ${copilot.model.provider === 'reader' ? 'none, the built-in reader answers' : copilot.model.name}\n`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await listening.close();
  await mcp.close();
  await house.close();
  return 130;
}
