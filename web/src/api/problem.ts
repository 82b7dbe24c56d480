/** What the server says when it refuses: RFC 9457 with a stable `code`. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: { field: string; code: string; message: string }[];
  params?: Record<string, unknown>;
}

/** A refusal by the server. `code` decides the words; `detail` is never shown by itself. */
export class Problem extends Error {
  readonly body: ProblemBody;
  readonly retryAfterMs: number | null;

  constructor(body: ProblemBody, retryAfterMs: number | null = null) {
    super(body.title ?? body.code);
    this.body = body;
    this.retryAfterMs = retryAfterMs;
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** The message for one field of a form, when the server named it. */
  field(name: string): string | undefined {
    return this.body.errors?.find((error) => error.field === name)?.message;
  }
}

/** The request may or may not have arrived: no answer came back. */
export class Unreachable extends Error {}

/** True where asking again with the same key is safe and may help. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof Problem)) return false;
  return error.status >= 500 || error.status === 429 || (error.status === 409 && error.retryAfterMs !== null);
}
