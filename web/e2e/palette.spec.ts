// The palette: one field from which everything can be reached without the mouse.

import type { Page } from '@playwright/test';
import { bubble, expect, row, signIn, test } from './product';

async function palette(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(typed);
}

/** The line that Enter takes. */
const chosen = (page: Page) => page.getByRole('option', { selected: true });

test('goes to pages by name and gives the focus back on Escape', async ({ page, product }) => {
  await signIn(page, product);
  await palette(page, 'api ke');
  await expect(chosen(page)).toContainText('API keys');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/settings\/api-keys/);
  const create = page.getByRole('button', { name: 'Create key' });
  await create.focus();
  await palette(page, 'closed');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(create).toBeFocused();
  await palette(page, 'inbox closed');
  await expect(chosen(page)).toContainText('closed');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/status=closed/);
});

test('finds a person by phone, also one that is in no list that is shown', async ({ page, product, simulator }) => {
  const yuki = await simulator.person('Yuki Sato');
  await simulator.write(yuki, 'Is the blue one back?');
  await signIn(page, product);
  await row(page, yuki).click();
  await expect(bubble(page, 'Is the blue one back?')).toBeVisible();
  await page.keyboard.press('e');
  await expect(row(page, yuki)).toHaveCount(0);
  await page.goto(product.url('/settings/numbers'));
  await expect(page.getByRole('heading', { name: 'Numbers' })).toBeVisible();

  await palette(page, yuki.phone.slice(-7));
  await expect(chosen(page)).toContainText('Yuki Sato');
  await page.keyboard.press('Enter');
  await expect(bubble(page, 'Is the blue one back?')).toBeVisible();
});

test('Enter that comes before the answer takes what is found', async ({ page, product, simulator }) => {
  const ines = await simulator.person('Ines Quickfoot');
  await simulator.write(ines, 'Do you open on Sunday?');
  await signIn(page, product);
  await expect(row(page, ines)).toBeVisible();
  await palette(page, 'Ines Quickfoot');
  await page.keyboard.press('Enter');
  await expect(bubble(page, 'Do you open on Sunday?')).toBeVisible();
});

test('does to the open conversation what the buttons do, step by step', async ({ page, product, simulator }) => {
  const amara = await simulator.person('Amara Eze');
  await simulator.write(amara, 'Can I change my order?');
  await signIn(page, product);
  await row(page, amara).click();
  await expect(bubble(page, 'Can I change my order?')).toBeVisible();

  await palette(page, 'assign to a coll');
  await expect(chosen(page)).toContainText('Assign to a colleague');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Assign to' })).toBeFocused();
  // The members are there.
  await expect(chosen(page)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row(page, amara)).toContainText('Assigned to');

  await palette(page, 'snooze');
  const later = page.getByRole('combobox', { name: 'Snooze until' });
  await expect(chosen(page)).toContainText('Snooze');
  await page.keyboard.press('Enter');
  await expect(later).toBeFocused();
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('combobox', { name: 'Find a person' })).toBeFocused();
  await page.keyboard.type('snooze');
  await expect(chosen(page)).toContainText('Snooze');
  await page.keyboard.press('Enter');
  await expect(later).toBeFocused();
  await page.getByRole('option', { name: 'Tomorrow morning' }).click();
  await expect(row(page, amara)).toHaveCount(0);
});

test('switches the theme, and remembers it', async ({ page, product, simulator }) => {
  const ada = await simulator.person('Ada Darkwood');
  await simulator.write(ada, 'Good evening');
  await signIn(page, product);
  // She can be found once she is known.
  await expect(row(page, ada)).toBeVisible();
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  await expect.poll(scheme).toBe('light');
  await palette(page, 'dark');
  // Whoever is found by the same word a moment later does not slip under the finger.
  await expect(page.getByRole('option').filter({ hasText: 'Ada Darkwood' })).toBeVisible();
  await expect(chosen(page)).toContainText('Use the dark theme');
  await page.keyboard.press('Enter');
  await expect.poll(scheme).toBe('dark');
  await page.reload();
  await expect.poll(scheme).toBe('dark');
});

test('leads to nothing at 390 pixels that does not fit', async ({ page, product }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, product);
  await palette(page, '');
  await expect(page.getByRole('option').first()).toBeVisible();
  const box = await page.getByRole('dialog').boundingBox();
  expect(box?.width).toBeLessThanOrEqual(390);
  await page.keyboard.type('no such thing at all');
  await expect(page.getByText('Nothing found for')).toBeVisible();
});
