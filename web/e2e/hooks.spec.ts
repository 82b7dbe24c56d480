// Hooks: made in the settings, called as a shop calls, and what became of it seen where it was made.

import { createHmac } from 'node:crypto';
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { type Product, signIn, test } from './product';

const SECRET = 'secret-of-the-kite-shop';

async function hooks(page: Page, product: Product): Promise<void> {
  await signIn(page, product);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Hooks', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Hooks', level: 1 })).toBeVisible();
}

/** A shop posts a webhook, signed with a secret. */
async function shopSays(request: APIRequestContext, url: string, topic: string, id: string, said: object, secret = SECRET) {
  const data = JSON.stringify(said);
  const answer = await request.post(url, {
    data,
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Webhook-Id': id,
      'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(data).digest('base64'),
    },
  });
  return answer.status();
}

test('a shop’s orders are taken once, forged ones are not, and what came is seen', async ({ page, request, product }) => {
  await hooks(page, product);
  await page.getByRole('button', { name: 'Create hook' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create a hook' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Kite shop');
  await dialog.getByRole('button', { name: 'Create hook' }).click();
  await expect(dialog.getByText('Copy the secret from Shopify')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
  await dialog.getByRole('button', { name: 'Create hook' }).click();
  const made = page.getByRole('dialog', { name: 'Your new hook' });
  const url = await made.getByText(/\/hooks\/[a-z0-9]{32}/).innerText();
  await made.getByRole('button', { name: 'Done' }).click();
  const card = page.getByRole('region', { name: 'Kite shop' });
  await expect(card.getByText('Nothing has come yet')).toBeVisible();

  const order = { id: 77001, name: '#1077', total_price: '499.00', currency: 'INR', phone: '+919811200077' };
  expect(await shopSays(request, url, 'orders/create', 'd-1', order, 'somebody-else-entirely')).toBe(401);
  expect(await shopSays(request, url, 'orders/create', 'd-1', order)).toBe(200);
  expect(await shopSays(request, url, 'orders/create', 'd-1', order)).toBe(200);
  expect(await shopSays(request, url, 'orders/create', 'd-2', { ...order, id: null })).toBe(422);
  const rows = card.getByRole('listitem');
  await expect(rows.filter({ hasText: 'Recorded' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'Correct id' })).toHaveCount(1);
  const found = await product.ask<{ data: { id: string }[] }>(request, 'GET', '/contacts?q=919811200077');
  const told = await product.ask<{ data: { name: string }[] }>(request, 'GET', `/contacts/${found.data[0]?.id}/events`);
  expect(told.data.map(({ name }) => name)).toEqual(['order_placed']);

  await card.getByRole('button', { name: 'Pause' }).click();
  await expect(card.getByText('Paused')).toBeVisible();
  expect(await shopSays(request, url, 'orders/create', 'd-3', { ...order, id: 77002 })).toBe(401);
  await card.getByRole('button', { name: 'Delete Kite shop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete hook' }).click();
  await expect(card).toHaveCount(0);
});

test('the plan of another system is tried before it is made', async ({ page, product }) => {
  await hooks(page, product);
  await page.getByRole('button', { name: 'Create hook' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create a hook' });
  await dialog.getByRole('radio', { name: 'Another system' }).check();
  await dialog.getByRole('button', { name: 'Try the sample' }).click();
  await expect(dialog.getByLabel('What the sample would become')).toContainText('+919812345678');
  const plan = dialog.getByRole('textbox', { name: 'Plan' });
  await plan.fill((await plan.inputValue()).replace('/customer/phone', 'customer.phone'));
  await dialog.getByRole('button', { name: 'Try the sample' }).click();
  await expect(dialog.getByText('Correct plan.mapping.phone')).toBeVisible();
  await plan.fill('{');
  await expect(dialog.getByText('This is no JSON object')).toBeVisible();
});
