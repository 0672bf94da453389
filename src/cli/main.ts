// The commands (contract.md). Results and nothing else go to standard output; errors are one sentence on standard error.
import { asCopilotError, CopilotError, ERRORS } from '../errors.ts';
import { nearest } from './options.ts';

type Command = { describe: string; load: () => Promise<(argv: string[]) => Promise<number>> };

const COMMANDS: Record<string, Command> = {
  start: { describe: 'serve the page, chat API, evidence and MCP', load: async () => (await import('./start.ts')).start },
  ask: { describe: 'answer one question', load: async () => (await import('./ask.ts')).ask },
  mcp: { describe: 'MCP server on standard input and output', load: async () => (await import('./mcp.ts')).mcp },
  inspect: { describe: 'what a file or folder is and whether it can be used', load: async () => (await import('./inspect.ts')).inspect },
  doctor: { describe: 'what is configured, reachable and usable', load: async () => (await import('./doctor.ts')).doctor },
};
/** Those outside src, which scripts/copilot.mjs starts itself. */
const OUTSIDE = { eval: 'scripted evals', bench: 'the speed table', demo: 'make the demo hospital again' };

const HELP = `copilot COMMAND [options]; each takes --help

${[...Object.entries(COMMANDS).map(([name, c]) => [name, c.describe] as const), ...Object.entries(OUTSIDE)].map(([name, text]) => `  ${name.padEnd(9)}${text}`).join('\n')}
`;

async function main([name = 'help', ...argv]: string[]): Promise<number> {
  if (name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    const near = nearest(name, [...Object.keys(COMMANDS), ...Object.keys(OUTSIDE)]);
    throw new CopilotError('usage', `There is no command ${name}${near === null ? '' : `; did you mean ${near}?`}`);
  }
  return (await command.load())(argv);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = asCopilotError(thrown);
  process.stderr.write(`${error.message}\n${error.code === 'internal' ? `${(error.cause as Error | undefined)?.stack ?? ''}\n` : ''}`);
  process.exitCode = ERRORS[error.code].exit;
}
