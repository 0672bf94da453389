// All pages of one search, bounded, in the server's order. Says how far it came; throws only ToolError and the signal's reason.
import type { Resource } from 'fhir/r4.js';
import { ToolError } from '../../tool.ts';
import type { ReadStatus } from '../source.ts';
import { type Page, readPage } from './bundle.ts';
import { asFailure, type RequestFailure } from './failure.ts';
import { asOutcome, judge, type Verdict } from './outcome.ts';

export type Pages = ReadStatus & {
  matches: Resource[];
  included: Resource[];
  total: number | null;
  /** What ended the first page, else null. */
  firstFailure: RequestFailure | null;
};

export type PagesRequest = {
  type: string;
  /** Names of the parameters sent, without modifiers. */
  asked: readonly string[];
  /** First URL, relative or absolute. */
  url: string;
  base: string;
  limit: number;
  maxPages: number;
  get: (url: string, number: number) => Promise<unknown>;
  /** Called with every page before anything of it is kept; throws to refuse the whole answer. */
  check: (page: Page, number: number) => Promise<void>;
};

export async function readPages(request: PagesRequest): Promise<Pages> {
  const { type, limit } = request;
  const matches = new Map<string, Resource>();
  const included = new Map<string, Resource>();
  const notes = new Set<string>();
  const visited = new Set<string>();
  let total: number | null = null;
  let url = new URL(request.url, `${request.base}/`).href;
  const end = (status: ReadStatus['status'], reason: string | null, firstFailure: RequestFailure | null = null): Pages => {
    const said = [reason, ...notes].filter((note) => note !== null).join('; ');
    return {
      status,
      reason: said === '' ? null : said,
      matches: [...matches.values()],
      included: [...included.values()],
      total,
      firstFailure,
    };
  };

  for (let number = 1; ; number += 1) {
    visited.add(url);
    let body: unknown;
    try {
      body = await request.get(url, number);
    } catch (error) {
      if (error instanceof ToolError || !(error instanceof Error) || error.name !== 'RequestFailure') throw error;
      const failure = asFailure(error);
      if (number > 1) return end('partial', `failed at page ${number}: ${failure.message}`);
      refuseParameters(type, failure, request.asked);
      return end('unavailable', failure.message, failure);
    }
    const page = readPage(body, type);
    if (page === null) {
      const reason = wrongBody(type, body, request.asked);
      return number > 1 ? end('partial', `failed at page ${number}: ${reason}`) : end('unavailable', reason);
    }
    await request.check(page, number);
    total ??= page.total;

    const before = matches.size;
    for (const resource of page.matches) {
      const key = resource.id === undefined ? `#${matches.size}` : `${resource.resourceType}/${resource.id}`;
      // The same resource again on a later page: the pages moved while we read; the later reading is the newer.
      if (!matches.has(key) && matches.size >= limit) return end('partial', bound(limit, total));
      matches.set(key, resource);
    }
    for (const resource of page.included) included.set(`${resource.resourceType}/${resource.id ?? `#${included.size}`}`, resource);
    if (page.empty > 0) notes.add(`${page.empty} entr${page.empty === 1 ? 'y' : 'ies'} without content`);

    const trouble = page.outcomes.map((outcome) => judge(outcome, request.asked)).filter((verdict) => verdict.kind !== 'fine');
    for (const verdict of trouble) {
      if (verdict.kind === 'not_understood') throw notUnderstood(type, verdict);
      if (verdict.kind === 'warning') notes.add(`the source warns: ${verdict.code}`);
      else {
        const reason =
          verdict.kind === 'not_authorised' ? `not authorised (${verdict.code})` : `the source reports an error (${verdict.code})`;
        return end(matches.size === 0 ? 'unavailable' : 'partial', reason);
      }
    }

    if (page.next === null) {
      if (page.empty > 0) return end('partial', null);
      const isCountOnly = /[?&](_summary=count|_count=0)(&|$)/.test(request.url);
      if (total !== null && total > matches.size && !isCountOnly)
        return end('partial', `the source counts ${total} and gave ${matches.size}`);
      return end('complete', null);
    }
    if (matches.size >= limit) return end('partial', bound(limit, total));
    if (number >= request.maxPages) return end('partial', `first ${number} pages (${matches.size}${total === null ? '' : ` of ${total}`})`);
    const next = URL.canParse(page.next, url) ? new URL(page.next, url) : null;
    if (next === null) return end('partial', `page ${number} has a next link that is no address`);
    if (next.origin !== new URL(request.base).origin)
      return end('partial', `page ${number} has a next link to another server, which is not followed`);
    if (visited.has(next.href) || (number > 1 && page.matches.length > 0 && matches.size === before))
      return end('partial', `the next links loop at page ${number}`);
    url = next.href;
  }
}

const bound = (limit: number, total: number | null) =>
  `first ${limit.toLocaleString('en')}${total === null ? '' : ` of ${total.toLocaleString('en')}`}`;

/** 400 and 422, and any refusal whose outcome says that the request was not understood. */
function refuseParameters(type: string, failure: RequestFailure, asked: readonly string[]): void {
  const verdict = failure.outcome === null ? null : judge(failure.outcome, asked);
  if (failure.status === 400 || failure.status === 422)
    throw notUnderstood(type, verdict ?? { kind: 'not_understood', code: `HTTP ${failure.status}`, parameters: [] });
}

function wrongBody(type: string, body: unknown, asked: readonly string[]): string {
  const outcome = asOutcome(body);
  if (outcome === null) return 'answered with something that is not a search result';
  const verdict = judge(outcome, asked);
  if (verdict.kind === 'not_understood') throw notUnderstood(type, verdict);
  return verdict.kind === 'not_authorised' ? `not authorised (${verdict.code})` : `the source reports an error (${verdict.code})`;
}

function notUnderstood(type: string, verdict: Verdict): ToolError {
  const what = verdict.parameters.length > 0 ? ` by ${verdict.parameters.join(', ')}` : '';
  return new ToolError('unsupported', `The source does not support this search of ${type}${what} (${verdict.code}).`);
}
