// `npm run doctor`: what is configured, reachable and usable, each with the mend. Names files; prints no secret and no patient.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { type Config, readConfig } from '../config.ts';
import { asCopilotError } from '../errors.ts';
import { openStore } from '../store/index.ts';
import { openRecordSource } from '../tools/record/fhir/index.ts';
import { describeOptions, parseOptions } from './options.ts';

const OPTIONS = { json: { type: 'boolean', describe: 'one JSON object' } } as const;

export type Check = { name: string; ok: boolean; message: string; mend?: string };

export async function doctor(argv: string[]): Promise<number> {
  const { values } = parseOptions('doctor', argv, OPTIONS);
  if (values.help) {
    process.stdout.write(`npm run doctor -- [options]\n\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  const checks = await examine(process.env);
  if (values.json) process.stdout.write(`${JSON.stringify({ ok: checks.every((c) => c.ok), checks }, null, 2)}\n`);
  else
    process.stdout.write(
      checks.map((c) => `${c.ok ? 'ok  ' : 'FAIL'}  ${c.name}: ${c.message}${c.mend ? `\n      → ${c.mend}` : ''}\n`).join(''),
    );
  return checks.every((c) => c.ok) ? 0 : 1;
}

async function examine(env: Record<string, string | undefined>): Promise<Check[]> {
  const node: Check = { name: 'node', ok: Number(process.versions.node.split('.')[0]) >= 24, message: `Node ${process.versions.node}` };
  if (!node.ok) node.mend = 'Start the commands by npm run, which uses the pinned Node 26.';
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    return [
      node,
      {
        name: 'configuration',
        ok: false,
        message: asCopilotError(error).message,
        mend: '.env.example lists every variable with its shape.',
      },
    ];
  }
  return [
    node,
    { name: 'configuration', ok: true, message: 'every variable that is set has the right shape' },
    dataDir(config),
    await store(config),
    await record(config),
    languageModel(config),
    page(),
  ];
}

function dataDir(config: Config): Check {
  try {
    mkdirSync(config.DATA_DIR, { recursive: true });
    accessSync(config.DATA_DIR, constants.W_OK);
    return { name: 'data folder', ok: true, message: config.DATA_DIR };
  } catch {
    return {
      name: 'data folder',
      ok: false,
      message: `${config.DATA_DIR} cannot be written`,
      mend: 'Set DATA_DIR to a folder that this user may write.',
    };
  }
}

async function store(config: Config): Promise<Check> {
  try {
    await (await openStore(config)).close();
    return { name: 'store and audit', ok: true, message: 'SQLite, can be written' };
  } catch (error) {
    return {
      name: 'store and audit',
      ok: false,
      message: asCopilotError(error).message,
      mend: 'Nothing is shown that cannot be audited: mend the data folder first.',
    };
  }
}

async function record(config: Config): Promise<Check> {
  try {
    const source = await openRecordSource(config);
    try {
      const health = await source.health(AbortSignal.timeout(20_000), { thorough: true });
      const check: Check = { name: `record (${source.server})`, ok: health.ok, message: health.message };
      if (!health.ok)
        check.mend = config.FHIR_BASE_URL
          ? 'Check FHIR_BASE_URL and its credentials; the server must answer GET metadata.'
          : 'npm run inspect -- on the folder names the files that cannot be read.';
      return check;
    } finally {
      await source.close();
    }
  } catch (error) {
    return {
      name: 'record',
      ok: false,
      message: asCopilotError(error).message,
      mend: 'Set FHIR_BASE_URL or FHIR_BUNDLES, or neither for the demo patients.',
    };
  }
}

function languageModel(config: Config): Check {
  const configured = config.OPENAI_BASE_URL ?? config.OPENAI_API_KEY ?? config.MODEL;
  if (configured === undefined)
    return { name: 'language model', ok: true, message: 'none configured: the built-in reader answers, offline' };
  if (config.MODEL === undefined)
    return {
      name: 'language model',
      ok: false,
      message: 'MODEL is not set',
      mend: 'Set MODEL to the name that the server at OPENAI_BASE_URL knows.',
    };
  return {
    name: 'language model',
    ok: true,
    message: `${config.MODEL} at ${config.OPENAI_BASE_URL ?? 'OpenAI’s own address'} (not called by doctor)`,
  };
}

function page(): Check {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  return {
    name: 'test browser',
    ok: true,
    message: chromium ?? 'Chromium is not installed; only the page’s own tests need it (npm run setup:ci)',
  };
}
