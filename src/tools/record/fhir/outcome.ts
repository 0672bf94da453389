// What an OperationOutcome says, by severity and code. Its free text may hold patient data and is never passed on:
// only codes, and the names of parameters that we asked for ourselves.
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';

/** The server did not understand what was asked (R4 issue-type: invalid and its children, not-supported). */
const NOT_UNDERSTOOD = new Set(['invalid', 'structure', 'required', 'value', 'invariant', 'not-supported', 'code-invalid', 'extension']);
const NOT_AUTHORISED = new Set(['security', 'login', 'unknown', 'expired', 'forbidden']);

export type Verdict = {
  kind: 'fine' | 'warning' | 'not_understood' | 'not_authorised' | 'failed';
  /** The deciding issue's code. */
  code: string;
  /** Names of asked parameters that the decisive issues point at. */
  parameters: string[];
};

export function asOutcome(body: unknown): OperationOutcome | null {
  const outcome = body as OperationOutcome | null;
  return typeof outcome === 'object' && outcome?.resourceType === 'OperationOutcome' ? outcome : null;
}

/** @param asked names of the parameters that were sent, without modifiers. */
export function judge(outcome: OperationOutcome, asked: readonly string[]): Verdict {
  const issues = (Array.isArray(outcome.issue) ? outcome.issue : []).filter((issue) => typeof issue === 'object' && issue !== null);
  // A severity that the standard does not have is no comfort.
  const errors = issues.filter((issue) => issue.severity !== 'warning' && issue.severity !== 'information');
  const warnings = issues.filter((issue) => issue.severity === 'warning');
  if (errors.length > 0) {
    const code = codeOf(errors[0]!);
    const kind = NOT_UNDERSTOOD.has(code) ? 'not_understood' : NOT_AUTHORISED.has(code) ? 'not_authorised' : 'failed';
    return { kind, code, parameters: errors.flatMap((issue) => named(issue, asked)) };
  }
  // A lenient server warns of a parameter that it left out: the answer is then not an answer to what was asked.
  const ignored = warnings.filter((issue) => NOT_UNDERSTOOD.has(codeOf(issue)) || codeOf(issue) === 'informational');
  const parameters = ignored.filter((issue) => /param/i.test(textOf(issue)) || pointers(issue).length > 0).flatMap((i) => named(i, asked));
  if (parameters.length > 0) return { kind: 'not_understood', code: codeOf(ignored[0]!), parameters };
  return warnings.length > 0
    ? { kind: 'warning', code: codeOf(warnings[0]!), parameters: [] }
    : { kind: 'fine', code: 'informational', parameters: [] };
}

const codeOf = (issue: OperationOutcomeIssue) => (/^[a-z-]{1,40}$/.test(String(issue.code)) ? String(issue.code) : 'unstated');
const textOf = (issue: OperationOutcomeIssue) => `${issue.diagnostics ?? ''} ${issue.details?.text ?? ''}`;
const pointers = (issue: OperationOutcomeIssue) => [issue.expression, issue.location].flat().filter((p) => typeof p === 'string');

/** Servers list what they do support as well, so a name counts first where it is pointed at, then quoted, then beside "parameter". */
function named(issue: OperationOutcomeIssue, asked: readonly string[]): string[] {
  const names = [...new Set(asked)];
  const text = textOf(issue);
  const escaped = (name: string) => name.replace(/[^\w-]/g, '.');
  const tiers = [
    (name: string) => pointers(issue).some((pointer) => pointer.split(/[^\w-]+/).includes(name)),
    (name: string) => new RegExp(`["'\u2018\u201c\`\\[]${escaped(name)}["'\u2019\u201d\`\\]:=]`).test(text),
    (name: string) => new RegExp(`parameters?:? (name )?${escaped(name)}($|[^\\w-])|(^|[^\\w-])${escaped(name)} parameter`, 'i').test(text),
    (name: string) => new RegExp(`(^|[^\\w-])${escaped(name)}($|[^\\w-])`).test(text),
  ];
  for (const [index, tier] of tiers.entries()) {
    const found = names.filter(tier);
    // A name that merely occurs is believed only where it is the only one.
    if (found.length > 0 && (index < tiers.length - 1 || found.length === 1)) return found;
  }
  return [];
}
