// What each Node client's test needs: the simulator's control plane, a place for webhooks, checks.
import { createServer } from 'node:http';

/** What `wigwag simulator --json` printed. */
export const known = JSON.parse(process.env.WIGWAG_SIMULATOR);
/** The customer. */
export const PHONE = '+919812345678';
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** GET, or POST with a body, of the control plane. */
export async function control(path, body) {
  const answer = await fetch(`${known.url}/_sim/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A customer sends something; gives its id. */
export const writes = async (message) =>
  (await control('inbound', { person: PHONE, message })).wamid;

/** The newest entry of the ledger. */
export async function lastAccepted() {
  const { last_seq } = await control('ledger/summary');
  return (await control(`ledger?after_seq=${last_seq - 1}`)).data[0];
}

/** Takes webhooks, and becomes the app's callback. */
export class Sink {
  #got = [];
  #waiting = [];

  async listen() {
    const server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const query = new URL(request.url, 'http://sink').searchParams;
      response.end(query.get('hub.challenge') ?? 'ok');
      if (request.method !== 'POST') return;
      const hook = {
        raw: Buffer.concat(parts).toString(),
        signature: request.headers['x-hub-signature-256'],
      };
      const next = this.#waiting.shift();
      if (next) next(hook);
      else this.#got.push(hook);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    server.unref();
    const callback_url = `http://127.0.0.1:${server.address().port}/webhook`;
    await control('app', { callback_url, verify: true });
    return this;
  }

  #next() {
    const hook = this.#got.shift();
    if (hook) return hook;
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error('no webhook within 20 s')), 20_000);
      this.#waiting.push((next) => {
        clearTimeout(timer);
        done(next);
      });
    });
  }

  /** The first webhook whose value satisfies `wanted`. */
  async until(wanted) {
    for (;;) {
      const hook = await this.#next();
      if (wanted(JSON.parse(hook.raw).entry[0].changes[0].value)) return hook;
    }
  }
}

export const messageOf = (wamid) => (value) => value.messages?.some(({ id }) => id === wamid);
export const statusOf = (wamid, status) => (value) =>
  value.statuses?.some((one) => one.id === wamid && one.status === status);

let passed = 0;
let failed = 0;

/** Runs one check and tells how it went. */
export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name}\n${error.stack}`);
  }
}

/** The closing line, which the runner reads. */
export function finish() {
  console.log(`clients: ${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
