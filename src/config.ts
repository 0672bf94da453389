// The environment, read once and checked. A wrong value stops the start with its name, its shape and what would be right.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { CopilotError } from './errors.ts';
import { offsetOf, precisionOf } from './evidence/index.ts';

const empty = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(empty, schema.optional());
const url = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'an http(s) URL, such as https://fhir.example.org/r4')
  .transform((text) => text.replace(/\/+$/, ''));
const folder = z
  .string()
  .refine((path) => existsSync(path) && statSync(path).isDirectory(), 'a folder that exists')
  .transform((path) => resolve(path));
const folderOrFile = z
  .string()
  .refine((path) => existsSync(path), 'a folder or file that exists')
  .transform((path) => resolve(path));

const schema = z.object({
  HOST: z.preprocess(empty, z.string().default('127.0.0.1')),
  PORT: z
    .preprocess(empty, z.string().default('8080'))
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'a port from 0 to 65535')
    .transform(Number),
  PUBLIC_URL: optional(url),
  FHIR_BASE_URL: optional(url),
  FHIR_BUNDLES: optional(folderOrFile),
  FHIR_TOKEN: optional(z.string()),
  FHIR_CLIENT_ID: optional(z.string()),
  FHIR_PRIVATE_KEY: optional(
    z
      .string()
      .refine(
        (path) => path.includes('PRIVATE KEY') || path.trimStart().startsWith('{') || existsSync(path),
        'a file that exists, or the key itself as PEM or JWK',
      ),
  ),
  AS_OF: optional(
    z
      .string()
      .refine(
        (text) => precisionOf(text) !== null && (offsetOf(text) !== null || text.length === 10),
        'an ISO 8601 time with an offset, such as 2166-08-26T12:00:00-04:00',
      ),
  ),
  OPENAI_BASE_URL: optional(url),
  OPENAI_API_KEY: optional(z.string()),
  MODEL: optional(z.string()),
  KNOWLEDGE_DIR: optional(folder),
  DATA_DIR: z.preprocess(empty, z.string().default('.data')).transform((path) => resolve(path)),
  EVAL_DATA: z.preprocess(empty, z.string().default('../shared/data')).transform((path) => resolve(path)),
  AUTH_ISSUER: optional(z.string()),
  LOG_LEVEL: z.preprocess(empty, z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn')),
});

export type Config = z.output<typeof schema>;

/** @param env defaults to process.env (the commands start Node with --env-file-if-exists=.env). */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name} is set to ${shapeOf(env[name])}; it must be ${issue.message.replace(/^Invalid (input|option): expected /, '')}.`;
    });
    throw new CopilotError('config', lines.join(' '));
  }
  const config = parsed.data;
  if (config.FHIR_BASE_URL !== undefined && config.FHIR_BUNDLES !== undefined)
    throw new CopilotError('config', 'FHIR_BASE_URL and FHIR_BUNDLES are both set; set one of them.');
  if ((config.FHIR_CLIENT_ID === undefined) !== (config.FHIR_PRIVATE_KEY === undefined))
    throw new CopilotError('config', 'FHIR_CLIENT_ID and FHIR_PRIVATE_KEY belong together; one of them is missing.');
  return config;
}

/** The shape of a value, never the value: it may be a secret. */
function shapeOf(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return `a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
}
