// `npm run mcp`: an MCP server on stdio.
import { serveMcpStdio } from '../mcp/index.ts';
import { openHouse } from './open.ts';
import { describeOptions, parseOptions } from './options.ts';

const OPTIONS = {
  patient: { type: 'string', describe: 'lock the connection to this patient (Patient.id or identifier)', value: 'P' },
} as const;

export async function mcp(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('mcp', argv, OPTIONS);
  if (values.help || positionals.length > 0) {
    process.stdout.write(
      `npm run mcp -- [options]\n\nServes MCP on standard input and output until the input ends.\n\n${describeOptions(OPTIONS)}\n`,
    );
    return values.help ? 0 : 2;
  }
  const house = await openHouse();
  const handle = serveMcpStdio(house, { patient: values.patient ?? null });
  await new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await handle.close();
  await house.close();
  return 0;
}
