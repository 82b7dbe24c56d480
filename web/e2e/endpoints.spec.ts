// Other programs are told: a receiver of the test's own on the loopback, an endpoint made in the
// console, a message from the phone, and what the console shows of it.

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, signIn, test } from './product';

interface Told {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Listens, keeps what comes, and answers as it is told to. */
async function listen(): Promise<{ server: Server; url: string; told: Told[]; answer: { status: number } }> {
  const told: Told[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      told.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/hooks`, told, answer };
}

const type = ({ body }: Told): string => (JSON.parse(body) as { type: string }).type;

test('an endpoint is added, told of a message with a signature that fits, tested, and sent to again', async ({
  page,
  product,
  simulator,
}) => {
  const { server, url, told, answer } = await listen();
  await signIn(page, product);
  await page.goto(product.url('/settings/endpoints'));
  await expect(page.getByRole('heading', { name: 'Outgoing webhooks', level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an endpoint' });
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  await expect(dialog.getByText('Give the endpoint a name')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Ledger');
  await dialog.getByRole('textbox', { name: 'Address' }).fill('http://169.254.169.254/latest');
  await dialog.getByRole('group', { name: 'Messages' }).getByRole('checkbox', { name: 'Received' }).check();
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  await expect(dialog.getByText('This address cannot be called')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Address' }).fill(url);
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  const made = page.getByRole('dialog', { name: 'Your new endpoint' });
  const secret = await made.locator('[data-secret]').innerText();
  expect(secret).toMatch(/^whsec_/);
  await made.getByRole('button', { name: 'I have kept it' }).click();

  await simulator.write(await simulator.person('Hook Watcher'), 'Is the kite there?');
  const ours = (each: Told) => type(each) === 'message.received' && each.body.includes('Is the kite there?');
  await expect.poll(() => told.some(ours)).toBe(true);
  const first = told.find(ours);
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = first?.headers ?? {};
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${at}.${first?.body}`).digest('base64');
  expect(signature).toBe(`v1,${wanted}`);

  await page.getByRole('link', { name: 'Ledger' }).click();
  await expect(page.getByText('It took the last delivery.')).toBeVisible();
  await page.getByRole('button', { name: 'Send test' }).click();
  await expect.poll(() => told.map(type)).toContain('webhook.test');

  const row = page.getByRole('row').filter({ hasText: 'message.received' });
  await expect(row).toContainText('Delivered');
  await expect(row).toContainText('2xx');
  await row.getByRole('button', { name: 'message.received' }).click();
  const body = page.getByRole('dialog', { name: 'message.received' });
  await expect(body.getByText('Is the kite there?')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(body).toBeHidden();
  const same = () => told.filter(({ headers }) => headers['webhook-id'] === id).length;
  const before = same();
  await row.getByRole('button', { name: 'Send again' }).click();
  await expect.poll(same, 'the same delivery').toBe(before + 1);

  answer.status = 410;
  await page.getByRole('button', { name: 'Send test' }).click();
  await expect(page.getByText('It answered 410')).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog', { name: 'Remove “Ledger”?' }).getByRole('button', { name: 'Remove endpoint' }).click();
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
  server.close();
});
