// The real binary, started once per worker with a simulator beside it, and what tests do with both.
// The simulator is asked over its control plane; no request of the console is intercepted.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, test as base, expect, type Locator, type Page } from '@playwright/test';

/** The line that `wigwag demo --json` prints when it serves. */
interface Ready {
  console: string;
  simulator: string;
  email: string;
  password: string;
  api_key: string;
  phone_number_id: string;
}

/** One of the simulator's people. */
export interface Person {
  id: string;
  name: string;
  phone: string;
}

export class Product {
  private constructor(
    readonly ready: Ready,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Product> {
    const binary = process.env.WIGWAG_BINARY;
    if (!binary) throw new Error('WIGWAG_BINARY names the binary to test; cargo xtask test sets it');
    const folder = mkdtempSync(join(tmpdir(), 'wigwag-e2e-'));
    // It takes free ports itself and says which: one that was found free before could be taken meanwhile.
    const child = spawn(
      binary,
      ['demo', '--json', '--log-level=warn', '--port=0', '--sim-port=0', `--data=${join(folder, 'data')}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ready = await new Promise<Ready>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the binary ended with ${code} before it was ready`)));
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    });
    return new Product(ready, child, folder);
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.process;
    expect({ exitCode, signalCode }, 'the binary still runs').toEqual({ exitCode: null, signalCode: null });
    const ended = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    expect(await ended, 'the binary stops cleanly').toBe(0);
    rmSync(this.folder, { recursive: true });
  }

  /** What the API answers to the demo's key. */
  async ask<T>(request: APIRequestContext, method: 'GET' | 'POST' | 'PATCH', path: string, data?: unknown): Promise<T> {
    const headers = { Authorization: `Bearer ${this.ready.api_key}` };
    const reply = await request.fetch(this.url(`/api/v1${path}`), { method, headers, data });
    expect(reply.ok(), `${method} ${path}: ${await reply.text()}`).toBe(true);
    return reply.json();
  }

  /** A draft of a campaign with the demo's number and one of its templates; what else is given is set too. */
  async campaign(
    request: APIRequestContext,
    name: string,
    template: string,
    edit: object,
    kind: 'one_time' | 'ongoing' = 'one_time',
  ): Promise<string> {
    const { id, version } = await this.ask<{ id: string; version: number }>(request, 'POST', '/campaigns', { name, kind });
    const [numbers, templates] = await Promise.all([
      this.ask<{ data: { id: string }[] }>(request, 'GET', '/numbers'),
      this.ask<{ data: { id: string; name: string; language: string }[] }>(request, 'GET', `/templates?q=${template}&status=approved`),
    ]);
    await this.ask(request, 'PATCH', `/campaigns/${id}`, {
      version,
      number_id: numbers.data[0]?.id,
      template_id: templates.data.find((each) => each.name === template && each.language.startsWith('en'))?.id,
      ...edit,
    });
    return id;
  }

  /** The console's address without the one-time login. */
  url(path: string): string {
    return new URL(path, this.ready.console).href;
  }
}

/** What a test may ask of the simulator. */
export class Simulator {
  constructor(
    readonly product: Product,
    private readonly request: APIRequestContext,
  ) {}

  async ask<T>(path: string): Promise<T> {
    const reply = await this.request.get(`${this.product.ready.simulator}/_sim/${path}`);
    expect(reply.ok(), `GET ${path}: ${await reply.text()}`).toBe(true);
    return reply.json();
  }

  async tell<T>(path: string, data: unknown): Promise<T> {
    const reply = await this.request.post(`${this.product.ready.simulator}/_sim/${path}`, { data });
    expect(reply.ok(), `POST ${path}: ${await reply.text()}`).toBe(true);
    return reply.json();
  }

  /** Somebody new, who reads what arrives while the chat is open. */
  async person(name: string): Promise<Person> {
    people += 1;
    // Of one length and without leading noughts, so that no number ends within another one.
    const phone = `+91740${6_000_000 + people}`;
    const person = await this.tell<Person>('persons', { name, phone });
    await this.tell(`persons/${person.id}/behaviour`, { reads: 'when_open', delivery_ms: 50, read_ms: 50 });
    return person;
  }

  /** A person writes without a phone to hold. */
  async write(person: Person, text: string): Promise<void> {
    await this.tell('inbound', { person: person.id, text });
  }

  /** Open the person's phone in a page of its own. */
  async phone(page: Page, person: Person): Promise<void> {
    await page.goto(`${this.product.ready.simulator}/?person=${person.id}`);
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  }

  /** Put the clock of both sides forward. */
  async advance(hours: number): Promise<void> {
    await this.tell('clock', { advance_ms: hours * 3_600_000 });
  }
}

let people = 0;

/** Sign in with email and password, and wait for the shell. `query` chooses language and direction. */
export async function signIn(page: Page, product: Product, query = ''): Promise<void> {
  await page.goto(product.url(`/sign-in${query}`));
  await page.locator('input[autocomplete=username], input[type=email]').first().fill(product.ready.email);
  const password = page.locator('input[type=password]');
  await password.fill(product.ready.password);
  await password.press('Enter');
  await expect(page.locator('a[href^="/inbox"]').filter({ visible: true }).first()).toBeVisible();
}

/** The row of a person in the list of conversations. */
export function row(page: Page, person: Person): Locator {
  return page.getByRole('link').filter({ hasText: person.name });
}

/** The open thread. */
export function thread(page: Page): Locator {
  return page.getByRole('log');
}

/** The bubble that holds a text. */
export function bubble(page: Page, text: string): Locator {
  return thread(page).getByRole('article').filter({ hasText: text });
}

/** Wait until the page stands: everything that it asked for is drawn, and what moves has come to rest. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1:visible').first()).toBeVisible();
  await quiet(page);
}

/** No grey shape, nothing on its way, nothing in motion. */
async function quiet(page: Page): Promise<void> {
  const awaited = page.locator('main[aria-busy=true], [data-skeleton]:visible');
  await expect(async () => {
    await expect(awaited).toHaveCount(0);
    await still(page);
    // An answer may have been the cause of another question, which is asked once it is drawn.
    expect(await awaited.count()).toBe(0);
  }).toPass({ timeout: 30_000 });
}

/** Wait for two more pictures of the page, and for the end of everything that moves and does not move for ever. */
async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
    const drawn = () => new Promise((done) => requestAnimationFrame(done));
    await drawn();
    await drawn();
    for (let all = moving(); all.length > 0; all = moving()) {
      await Promise.allSettled(all.map(({ finished }) => finished));
      await drawn();
    }
  });
}

/** No accessibility finding on the page once it stands; `name` says where in the report. */
export async function clean(page: Page, name: string): Promise<void> {
  await quiet(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
  expect(told, name).toEqual([]);
}

export const test = base.extend<{ simulator: Simulator }, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to learn what is needed.
    async ({}, use) => {
      const product = await Product.start();
      await use(product);
      await product.stop();
    },
    { scope: 'worker' },
  ],
  simulator: async ({ product, request }, use) => {
    await use(new Simulator(product, request));
  },
});

export { expect };
