// The settings: what is known of numbers and members; keys that open the API and stop
// opening it; what could not be applied, and what becomes of it.

import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { expect, type Product, settled, signIn, test } from './product';

/** Goes to a page of the settings by the doors that people use. */
async function settings(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

const status = async (request: APIRequestContext, product: Product, key: string): Promise<number> =>
  (await request.get(product.url('/api/v1/numbers'), { headers: { Authorization: `Bearer ${key}` } })).status();

/** Takes away what a new key would be given by itself. */
async function chooseNothing(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Choose everything' }).click();
  await dialog.getByRole('button', { name: 'Choose nothing' }).click();
  await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(0);
}

/** Makes a key in the console and returns the secret that it shows. */
async function makeKey(page: Page, name: string, scopes: string[]): Promise<string> {
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an API key' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await chooseNothing(dialog);
  for (const scope of scopes) await dialog.getByRole('group', { name: scope }).getByRole('checkbox', { name: 'Read' }).check();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const made = page.getByRole('dialog', { name: 'Your new key' });
  const secret = await made.locator('[data-secret]').innerText();
  await expect(made.getByText('cannot be shown again')).toBeVisible();
  await made.getByRole('button', { name: 'I have kept it' }).click();
  await expect(made).toHaveCount(0);
  return secret;
}

test('a key is shown once, opens what it may, is seen in the calls, and stops when it is revoked', async ({
  page,
  request,
  product,
}) => {
  await signIn(page, product);
  await settings(page, 'API keys');
  const secret = await makeKey(page, 'Browser test', ['Numbers']);
  expect(secret).toMatch(/^ww_/);
  const row = page.getByRole('row').filter({ hasText: 'Browser test' });
  await expect(row).toContainText('1 permission');
  await page.reload();
  await expect(row).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);

  expect(await status(request, product, secret)).toBe(200);
  const refused = await request.get(product.url('/api/v1/members'), {
    headers: { Authorization: `Bearer ${secret}` },
  });
  expect(refused.status(), 'a key can do no more than it was made for').toBe(403);

  await settings(page, 'API calls');
  const calls = page.getByRole('table', { name: 'API calls' });
  await expect(calls.getByRole('row').filter({ hasText: '/numbers' }).first()).toContainText('200');
  await expect(calls.getByRole('row').filter({ hasText: '/members' }).first()).toContainText('Refused');
  await page.getByRole('radio', { name: 'Only trouble' }).check();
  await expect(page).toHaveURL(/only=trouble/);
  await expect(calls.getByRole('row').filter({ hasText: '/numbers' })).toHaveCount(0);

  await settings(page, 'API keys');
  await page.getByRole('button', { name: 'Revoke Browser test' }).click();
  const sure = page.getByRole('dialog', { name: 'Revoke “Browser test”?' });
  await sure.getByRole('button', { name: 'Revoke key' }).click();
  // The notice first: it does not stay for long.
  await expect(page.getByText('“Browser test” is revoked.')).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(await status(request, product, secret)).toBe(401);
});

test('a key without a name or without anything to do is not made', async ({ page, product }) => {
  await signIn(page, product);
  await settings(page, 'API keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an API key' });
  await chooseNothing(dialog);
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByText('Give the key a name')).toBeVisible();
  await expect(dialog.getByText('Choose at least one thing')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Create key' })).toBeFocused();
});

test('numbers and members say what is known of them', async ({ page, product }) => {
  await signIn(page, product);
  await settings(page, 'Numbers');
  await expect(page.getByText(product.ready.phone_number_id)).toBeVisible();
  await expect(page.getByText('Connected').first()).toBeVisible();
  await page.getByRole('button', { name: 'Synchronise' }).click();
  await expect(page.getByText('Reading the numbers from WhatsApp')).toBeVisible();

  await settings(page, 'Members');
  await expect(page.getByRole('row').filter({ hasText: product.ready.email })).toContainText('You');
});

test('the webhook’s address is the one that the simulator calls', async ({ page, product, simulator }) => {
  await simulator.write(await simulator.person('Webhook Watcher'), 'Anybody there?');
  await signIn(page, product);
  await settings(page, 'Webhook');
  const address = await page.getByText(/\/webhooks\/whatsapp\/\d+/).innerText();
  expect(new URL(address).origin).toBe(new URL(product.ready.console).origin);
  await expect(page.getByText('Receiving')).toBeVisible();
});

test('what came for a number that is not ours waits as a dead letter until it is discarded', async ({
  page,
  request,
  product,
  simulator,
}) => {
  const added = await simulator.tell<{ id: string }>('numbers', {
    display_phone_number: `+9180${String(Date.now()).slice(-8)}`,
    verified_name: 'Elsewhere',
  });
  const stranger = await simulator.person('Lost Letter');
  await simulator.tell('inbound', { person: stranger.id, text: 'Hello?', phone_number_id: added.id });
  // The page looks for new ones only now and then.
  await expect
    .poll(async () => JSON.stringify(await product.ask(request, 'GET', '/dead-letters')))
    .toContain(added.id);

  await signIn(page, product);
  await settings(page, 'Dead letters');
  const letter = page.getByRole('listitem').filter({ hasText: 'not set up here' }).first();
  await expect(letter).toBeVisible();
  await letter.getByRole('button', { name: 'Show the item' }).click();
  await expect(letter.getByLabel('The item as it came')).toContainText(added.id);

  await letter.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('It could not be applied this time either')).toBeVisible();
  await expect(letter).toContainText('1 try');

  await letter.getByRole('button', { name: 'Discard' }).click();
  // The notice with the way back stays while the pointer rests on it, and so long nothing is done.
  const notices = page.getByRole('region', { name: 'Notices' });
  const discarded = notices.getByText('Discarded.', { exact: true });
  await discarded.hover();
  await expect(letter).toHaveCount(0);
  await notices.getByRole('button', { name: 'Undo' }).click();
  await expect(letter).toBeVisible();
  await expect(discarded).toHaveCount(0);
  await letter.getByRole('button', { name: 'Discard' }).click();
  await discarded.hover();
  await notices.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('radio', { name: 'Discarded' }).check();
  await expect(page.getByRole('listitem').filter({ hasText: 'not set up here' }).first()).toBeVisible({ timeout: 20_000 });
});

test('on a phone the settings are a list that leads to pages and back', async ({ page, product }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, product);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  const nav = page.getByRole('navigation', { name: 'Settings' });
  await expect(nav.getByRole('link', { name: 'API keys', exact: true })).toBeVisible();
  const names = await nav.getByRole('link').allInnerTexts();
  expect(names).toContain('API keys');
  for (const name of names.filter((each) => each !== 'API reference')) {
    await nav.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    await expect(nav).toBeHidden();
    await settled(page);
    const [wide, room] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(wide, `${name} is wider than the phone`).toBeLessThanOrEqual(room);
    await page.getByRole('article').getByRole('link', { name: 'Settings' }).click();
    await expect(nav).toBeVisible();
  }
});

test('an agent has the doors of an agent, and elsewhere is told so', async ({ page, product }) => {
  await page.goto(product.url('/sign-in'));
  await page.getByRole('textbox', { name: 'Email' }).fill('ravi@kite.example');
  const password = page.locator('input[type=password]');
  await password.fill(product.ready.password);
  await password.press('Enter');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  const nav = page.getByRole('navigation', { name: 'Settings' });
  await expect(nav.getByRole('link')).toHaveText(['Numbers', 'Members']);
  await expect(page.getByRole('button', { name: 'Synchronise' })).toHaveCount(0);
  await page.goto(product.url('/settings/api-keys'));
  await expect(page.getByText('This is not for your role')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create key' })).toHaveCount(0);
});
