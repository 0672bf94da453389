// Every error once: stable code, HTTP status, JSON-RPC code, and what the caller can do.
// The sentence itself is given where the error is thrown: it names what is wrong and where, never a patient's name or a note.

export const ERRORS = {
  // A tool's own errors (design.md): the caller or the record.
  not_found: {
    status: 404,
    jsonRpc: -32002,
    exit: 1,
    template: '{what} was not found',
    recovery: 'Check the identifier; find_patients lists who can be asked about.',
  },
  ambiguous: {
    status: 409,
    jsonRpc: -32602,
    exit: 0,
    template: '{what} fits more than one',
    recovery: 'Name one of the candidates that the message lists.',
  },
  unavailable: {
    status: 503,
    jsonRpc: -32003,
    exit: 1,
    template: '{source} could not be reached',
    recovery: 'Try again; `npm run doctor` says which source is down.',
  },
  not_allowed: {
    status: 403,
    jsonRpc: -32004,
    exit: 3,
    template: '{what} is not allowed',
    recovery: 'Ask about the patient of this conversation, or begin a new one.',
  },
  bad_input: { status: 400, jsonRpc: -32602, exit: 2, template: '{field} is wrong', recovery: 'Correct the field that the message names.' },
  unsupported: {
    status: 422,
    jsonRpc: -32602,
    exit: 0,
    template: '{what} is not supported',
    recovery: 'Ask in another way; the message says what is supported.',
  },
  not_applicable: {
    status: 422,
    jsonRpc: -32602,
    exit: 0,
    template: '{what} does not apply to this patient',
    recovery: 'The message says why it does not apply.',
  },
  // Our own failures and the ways in.
  internal: {
    status: 500,
    jsonRpc: -32603,
    exit: 1,
    template: 'The copilot failed',
    recovery: 'Report it with the answer id; nothing was shown that was not checked.',
  },
  cancelled: { status: 499, jsonRpc: -32800, exit: 130, template: 'Stopped by the caller', recovery: 'Ask again.' },
  config: {
    status: 500,
    jsonRpc: -32603,
    exit: 2,
    template: '{name} is set wrongly',
    recovery: 'Correct the variable that the message names.',
  },
  usage: { status: 400, jsonRpc: -32602, exit: 2, template: '{option} is unknown', recovery: 'See --help.' },
  too_large: { status: 413, jsonRpc: -32600, exit: 2, template: 'The request is larger than {limit}', recovery: 'Send less than 1 MB.' },
  unsupported_media: {
    status: 415,
    jsonRpc: -32600,
    exit: 2,
    template: 'POST takes application/json only',
    recovery: 'Set Content-Type: application/json.',
  },
  forbidden_origin: {
    status: 403,
    jsonRpc: -32000,
    exit: 3,
    template: 'Requests from {origin} are not taken',
    recovery: 'Open the page at the address that the server printed.',
  },
  method_not_allowed: {
    status: 405,
    jsonRpc: -32600,
    exit: 2,
    template: '{method} is not possible here',
    recovery: 'Use a method that the Allow header lists.',
  },
  not_acceptable: {
    status: 406,
    jsonRpc: -32600,
    exit: 2,
    template: '{what} cannot be given as {type}',
    recovery: 'Ask for application/json or text/html.',
  },
} as const satisfies Record<string, { status: number; jsonRpc: number; exit: number; template: string; recovery: string }>;

export type ErrorCode = keyof typeof ERRORS;
export type ToolErrorCode = 'not_found' | 'ambiguous' | 'unavailable' | 'not_allowed' | 'bad_input' | 'unsupported' | 'not_applicable';

/** An error that may be shown: one clear sentence, no patient data. */
export class CopilotError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CopilotError';
    this.code = code;
  }
  get status(): number {
    return ERRORS[this.code].status;
  }
  get recovery(): string {
    return ERRORS[this.code].recovery;
  }
}

/** What a tool throws. `candidates` lists what an ambiguous name may mean. */
export class ToolError extends CopilotError {
  declare readonly code: ToolErrorCode;
  readonly candidates: { value: string; label: string }[];
  constructor(code: ToolErrorCode, message: string, options: ErrorOptions & { candidates?: { value: string; label: string }[] } = {}) {
    super(code, message, options);
    this.name = 'ToolError';
    this.candidates = options.candidates ?? [];
  }
}

/** Any thrown thing as one of ours; what is unknown becomes `internal` without its text, which may hold patient data. */
export function asCopilotError(error: unknown): CopilotError {
  if (error instanceof CopilotError) return error;
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return new CopilotError('cancelled', 'The request was stopped.', { cause: error });
  return new CopilotError('internal', 'The copilot failed while it worked on this; nothing unchecked was shown.', { cause: error });
}
