// What web pages tell: a shop's page on an origin of its own, with the script of the real binary and a
// policy as strict as a shop may have. Nothing is intercepted; what came is asked of the API.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { type Product, signIn, test } from './product';

/** A shop's site on the loopback, which serves one page whatever is asked. */
class Shop {
  private constructor(
    readonly origin: string,
    private readonly server: Server,
  ) {}

  static async open(wigwag: string, key: string): Promise<Shop> {
    const script = `<script async src="${wigwag}/track.js" data-key="${key}"></script>`;
    const server = createServer((asked, answer) => {
      if (asked.url === '/own.js') {
        // The shop's own script, in a file because the policy lets no other run.
        answer.setHeader('Content-Type', 'text/javascript');
        answer.end('window.wigwag ||= function () { (wigwag.q ||= []).push(arguments) };');
        return;
      }
      answer.setHeader('Content-Type', 'text/html; charset=utf-8');
      answer.setHeader(
        'Content-Security-Policy',
        `default-src 'none'; script-src 'self' ${wigwag}; connect-src ${wigwag}; img-src 'self'`,
      );
      answer.end(`<!doctype html><title>Kites</title><script src="/own.js"></script>${script}<h1>Kites</h1>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Shop(`http://localhost:${(server.address() as AddressInfo).port}`, server);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

interface Told {
  name: string;
  source: string;
  source_id: string;
  properties: Record<string, unknown>;
}

/** The shop's page calls the script. */
const say = (page: Page, ...words: unknown[]) =>
  page.evaluate((said) => (window as unknown as { wigwag: (...said: unknown[]) => void }).wigwag(...said), words);

async function contactOf(request: APIRequestContext, product: Product, phone: string) {
  const found = await product.ask<{ data: { id: string; source: string; profile_name: string | null }[] }>(
    request,
    'GET',
    `/contacts?q=${phone.slice(1)}`,
  );
  return found.data[0];
}

async function toldBy(request: APIRequestContext, product: Product, phone: string): Promise<Told[]> {
  const contact = await contactOf(request, product, phone);
  if (!contact) return [];
  return (await product.ask<{ data: Told[] }>(request, 'GET', `/contacts/${contact.id}/events`)).data;
}

const publishable = async (request: APIRequestContext, product: Product, origins: string[]) =>
  (
    await product.ask<{ publishable_key: string }>(request, 'POST', '/api_keys', {
      name: 'Shop pages',
      kind: 'publishable',
      origins,
    })
  ).publishable_key;

const home = (product: Product) => new URL(product.ready.console).origin;

test('what a visitor did before it was known is told with its person, each once, and survives the page', async ({
  page,
  request,
  product,
}) => {
  const phone = '+919811100001';
  // The shop's port is known once it listens: the origin is added then.
  const key = await product.ask<{ id: string; publishable_key: string }>(request, 'POST', '/api_keys', {
    name: 'Shop pages',
    kind: 'publishable',
    origins: ['https://shop.example'],
  });
  const shop = await Shop.open(home(product), key.publishable_key);
  await product.ask(request, 'PATCH', `/api_keys/${key.id}`, { origins: [shop.origin] });
  const violations: string[] = [];
  page.on('console', (line) => line.type() === 'error' && violations.push(line.text()));

  await page.goto(shop.origin);
  await say(page, 'track', 'Product Viewed', { product: 'Diamond kite' });
  await page.goto(`${shop.origin}/cart`);
  await say(page, 'track', 'Cart Filled');
  expect(await toldBy(request, product, phone), 'nothing leaves before somebody is named').toEqual([]);

  await say(page, 'identify', { phone, name: 'Asha from the web' });
  await expect.poll(async () => (await toldBy(request, product, phone)).length).toBe(2);
  const told = await toldBy(request, product, phone);
  expect(told.map(({ name }) => name).sort()).toEqual(['Cart Filled', 'Product Viewed']);
  expect(told.every(({ source }) => source === 'web')).toBe(true);
  expect(told.find(({ name }) => name === 'Product Viewed')?.properties).toEqual({ product: 'Diamond kite' });
  expect(await contactOf(request, product, phone)).toMatchObject({ source: 'web', profile_name: 'Asha from the web' });

  // The next page knows the person; what is told while it goes away arrives all the same.
  await page.goto(`${shop.origin}/checkout`);
  await page.evaluate(() => {
    (window as unknown as { wigwag: (...said: unknown[]) => void }).wigwag('track', 'Checkout Left');
    location.href = '/gone';
  });
  await page.waitForURL(`${shop.origin}/gone`);
  await expect.poll(async () => (await toldBy(request, product, phone)).length).toBe(3);
  expect(await page.context().cookies()).toEqual([]);
  expect(violations).toEqual([]);

  // Whoever signs out of the shop is forgotten.
  await say(page, 'reset');
  await say(page, 'track', 'Product Viewed');
  await page.goto(shop.origin);
  await say(page, 'identify', { phone: '+919811100002' });
  await expect.poll(async () => (await toldBy(request, product, '+919811100002')).length).toBe(1);
  expect((await toldBy(request, product, phone)).length).toBe(3);
  await shop.close();
});

test('a page of another origin tells nothing', async ({ page, request, product }) => {
  const phone = '+919811100003';
  const key = await publishable(request, product, ['https://shop.example']);
  const shop = await Shop.open(home(product), key);
  await page.goto(shop.origin);
  const refused = page.waitForEvent('console', (line) => line.type() === 'error');
  await say(page, 'identify', { phone });
  await say(page, 'track', 'Product Viewed');
  expect((await refused).text()).toContain('CORS');
  expect(await contactOf(request, product, phone)).toBeUndefined();
  await shop.close();
});

test('a publishable key is made in the settings with its sites, and its snippet is shown again', async ({ page, product }) => {
  await signIn(page, product);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys', exact: true }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an API key' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Kite shop');
  await dialog.getByRole('radio', { name: 'Publishable key' }).check();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByText('Name at least one site')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Sites' }).fill('https://kites.example/shop');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByText('without a path')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Sites' }).fill('https://kites.example\nhttps://www.kites.example');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const made = page.getByRole('dialog', { name: 'Put it into your pages' });
  await expect(made.getByText(`${home(product)}/track.js`)).toBeVisible();
  await made.getByRole('button', { name: 'Close' }).last().click();
  const row = page.getByRole('row').filter({ hasText: 'Kite shop' });
  await expect(row).toContainText('Tells from 2 sites');
  await page.reload();
  await page.getByRole('button', { name: 'Show the snippet of Kite shop' }).click();
  await expect(page.getByRole('dialog', { name: 'Kite shop' }).getByText(/data-key="pk_/)).toBeVisible();
});
