// The templates: found, written under the rules of WhatsApp, handed to its review, and what comes back.

import type { Locator, Page } from '@playwright/test';
import { expect, signIn, test } from './product';

interface Seen {
  name: string;
  status: string;
}

/** Opens the editor by the doors that people use. */
async function writeNew(page: Page, name: string, category = 'Utility'): Promise<Locator> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('link', { name: 'New template' }).click();
  await expect(page.getByRole('heading', { name: 'New template', level: 1 })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('radio', { name: category }).check();
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

const phone = (page: Page): Locator => page.getByRole('region', { name: 'On the customer’s phone' });

test('templates are listed, filtered in the address, and drawn as on a phone', async ({ page, product, simulator }) => {
  const { data } = await simulator.ask<{ data: Seen[] }>('templates');
  const approved = data.find((each) => each.status.toLowerCase() === 'approved');
  if (!approved) throw new Error('the simulator has no approved template');
  await signIn(page, product);
  await page.goto(product.url('/settings/templates'));
  await expect(page).toHaveURL(/\/templates$/);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: approved.name, exact: true }) });
  await expect(row.first()).toContainText('Approved');

  await page.getByRole('button', { name: /^Status/ }).click();
  await page.getByRole('menuitemradio', { name: 'Rejected' }).click();
  await expect(page).toHaveURL(/state=rejected/);
  await expect(row).toHaveCount(0);
  await page.goto(product.url('/templates?state=approved'));
  await page.getByRole('searchbox', { name: 'Search by name' }).fill(approved.name);
  await expect(page).toHaveURL(new RegExp(`q=${approved.name}`));
  await page.getByRole('radio', { name: 'Gallery' }).check();
  await expect(page).toHaveURL(/as=gallery/);
  await page.getByRole('link', { name: approved.name, exact: true }).first().click();
  await expect(page.getByRole('heading', { name: approved.name, level: 1 })).toBeVisible();
  await expect(phone(page)).toBeVisible();
  await page.getByRole('article').getByRole('link', { name: 'Templates' }).click();
  await expect(page).toHaveURL(/state=approved/);
});

test('the language filter leaves only templates of that language', async ({ page, product }) => {
  await signIn(page, product);
  await page.goto(product.url('/templates'));
  await page.getByRole('button', { name: /^Language/ }).click();
  await page.getByRole('menuitemradio', { name: 'Arabic' }).click();
  await expect(page).toHaveURL(/language=ar/);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'order_confirmed' }).click();
  await expect(phone(page).locator('[lang=ar]')).toHaveAttribute('dir', 'rtl');
});

test('the keyboard formats, and the phone shows it', async ({ page, product }) => {
  await signIn(page, product);
  const body = await writeNew(page, 'by_hand', 'Marketing');
  await body.fill('Hello world');
  await body.press('ControlOrMeta+a');
  await body.press('ControlOrMeta+b');
  await expect(body).toHaveValue('*Hello world*');
  await expect(phone(page).locator('strong')).toHaveText('Hello world');
  await body.press('ControlOrMeta+i');
  await expect(body).toHaveValue('*_Hello world_*');
  await body.press('ControlOrMeta+z');
  await expect(body).toHaveValue('*Hello world*');
});

test('on a phone the form and the phone take turns', async ({ page, product }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, product);
  await page.goto(product.url('/templates/new'));
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello from the shop');
  await expect(phone(page)).toBeHidden();
  await page.getByRole('radio', { name: 'Phone' }).check();
  await expect(phone(page)).toContainText('Hello from the shop');
  const [wide, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide).toBeLessThanOrEqual(room);
});
