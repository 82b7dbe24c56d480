import { Problem, type ProblemBody, Unreachable } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Goes out although the page is being left. */
  keepalive?: boolean;
}

let csrfToken = '';
let onSignedOut: () => void = () => {};

/** Remembers the token that every changing request carries beside the cookie. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export const getCsrfToken = (): string => csrfToken;

/** Called once per answer that says the session is over. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function apiUrl(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

function retryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds * 1000 : null;
}

/** Turns an answer that is not a success into a `Problem`, also when a proxy wrote it. */
export function problemFrom(status: number, text: string, retryHeader: string | null): Problem {
  try {
    const body = JSON.parse(text) as ProblemBody;
    if (typeof body.code === 'string') return new Problem({ ...body, status }, retryAfter(retryHeader));
  } catch {
    // Not ours: a proxy's page. The status still says enough.
  }
  return new Problem({ status, code: status === 404 ? 'not_found' : 'internal' }, retryAfter(retryHeader));
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      keepalive: options.keepalive,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable('no answer');
  }
  const text = await response.text().catch(() => {
    throw new Unreachable('answer cut off');
  });
  if (!response.ok) {
    const problem = problemFrom(response.status, text, response.headers.get('Retry-After'));
    if (problem.code === 'unauthenticated' && path !== '/session') onSignedOut();
    throw problem;
  }
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>('GET', path, { query, signal });
export const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
  request<T>('POST', path, { body, headers });
export const put = <T>(path: string, body: unknown) => request<T>('PUT', path, { body });
export const patch = <T>(path: string, body: unknown) => request<T>('PATCH', path, { body });
export const remove = <T>(path: string) => request<T>('DELETE', path);
