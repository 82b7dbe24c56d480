import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '~/api/contract';
import { messageOf } from './messageOf';

interface Posted {
  key: string;
  path: string;
  body: string;
}

/** What the server got, and what it answers next: a status, or null for a line that breaks. */
let posted: Posted[];
let answers: (number | null)[];
let kept: Map<string, string>;

const shown = messageOf('out', 'text', { body: 'a' }, '2026-03-04T10:00:00Z');

function answer(status: number, key: string): Response {
  const message: Partial<Message> = { id: `m-${key}`, client_ref: key, conversation_id: 'c' };
  const body = status < 300 ? message : { status, code: status === 409 ? 'window_closed' : 'busy' };
  return new Response(JSON.stringify(body), { status });
}

/** The module as a tab that was just loaded has it. */
async function load() {
  vi.resetModules();
  const outbox = await import('./outbox');
  return {
    ...outbox,
    waiting: () =>
      JSON.parse(kept.get('wigwag-outbox') ?? '[]') as { key: string; refused: { code: string } | null }[],
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  posted = [];
  answers = [];
  kept = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
  vi.stubGlobal('window', { addEventListener: () => undefined, removeEventListener: () => undefined });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const key = (init.headers as Record<string, string>)['Idempotency-Key'] ?? '';
    posted.push({ key, path, body: String(init.body) });
    const status = answers.length > 0 ? answers.shift() : 202;
    if (status === null || status === undefined) throw new TypeError('network');
    return answer(status, key);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const text = (body: string) => ({ type: 'text', text: { body } });

describe('the outbox', () => {
  it('sends once where all is well and forgets', async () => {
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(1);
    expect(JSON.parse(posted[0]?.body ?? '')).toMatchObject({ type: 'text', client_ref: posted[0]?.key });
    expect(outbox.waiting()).toEqual([]);
  });

  it('tries again under the same key while the line is broken or the server busy', async () => {
    answers = [null, 503, null, 202];
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(4);
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
    expect(outbox.waiting()).toEqual([]);
  });

  it('keeps the order within a conversation and lets others pass', async () => {
    answers = [null, 202];
    const outbox = await load();
    outbox.enqueue('c', text('first'), shown);
    outbox.enqueue('c', text('second'), shown);
    outbox.enqueue('d', text('elsewhere'), shown);
    await vi.runAllTimersAsync();
    const words = posted.map(({ body }) => JSON.parse(body).text.body);
    expect(words.filter((each) => each !== 'elsewhere')).toEqual(['first', 'first', 'second']);
    expect(words.indexOf('elsewhere')).toBeLessThan(words.indexOf('second'));
  });

  it('survives a reload with its key', async () => {
    answers = [null];
    const before = await load();
    before.enqueue('c', text('a'), shown);
    await vi.advanceTimersByTimeAsync(10);
    const [entry] = before.waiting();
    vi.clearAllTimers();
    const after = await load();
    after.startOutbox();
    await vi.runAllTimersAsync();
    expect(posted.map(({ key }) => key)).toEqual([entry?.key, entry?.key]);
    expect(after.waiting()).toEqual([]);
  });

  it('leaves what was refused to a person, who sends it again under a new key or discards it', async () => {
    answers = [409, 202];
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    await vi.runAllTimersAsync();
    const [refused] = outbox.waiting();
    expect(refused?.refused).toEqual({ code: 'window_closed' });
    expect(posted).toHaveLength(1);
    outbox.sendAgain(refused?.key ?? '');
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(2);
    expect(posted[1]?.key).not.toBe(posted[0]?.key);
    expect(outbox.waiting()).toEqual([]);
  });

  it('does not let what was refused hold up what comes after', async () => {
    answers = [409, 202];
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    outbox.enqueue('c', text('b'), shown);
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(2);
    expect(outbox.waiting()).toHaveLength(1);
    outbox.discard(outbox.waiting()[0]?.key ?? '');
    expect(outbox.waiting()).toEqual([]);
  });

  it('is empty for the next person at the same screen', async () => {
    answers = [null];
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    await vi.advanceTimersByTimeAsync(10);
    outbox.emptyOutbox();
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(1);
    expect(outbox.waiting()).toEqual([]);
  });

  it('is settled by the live socket too', async () => {
    answers = [null];
    const outbox = await load();
    outbox.enqueue('c', text('a'), shown);
    await vi.advanceTimersByTimeAsync(10);
    outbox.settle(outbox.waiting()[0]?.key ?? '');
    await vi.runAllTimersAsync();
    expect(posted).toHaveLength(1);
    expect(outbox.waiting()).toEqual([]);
  });
});
