// The main way through the product: a customer writes on the phone, the team answers in the inbox.

import { bubble, expect, row, signIn, test, thread } from './product';

test('the printed link signs in once', async ({ page, product, browser }) => {
  await page.goto(product.ready.console);
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();

  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  await second.goto(product.ready.console);
  await expect(second.getByText('This link was used already or is too old')).toBeVisible();
  await stranger.close();
});

test('a customer writes, the inbox shows it live, the answer reaches the phone and the ticks turn', async ({
  page,
  context,
  product,
  simulator,
}) => {
  const asha = await simulator.person('Asha Verma');
  await signIn(page, product);

  const phone = await context.newPage();
  await simulator.phone(phone, asha);
  const held = phone.getByRole('textbox', { name: 'Message' });
  await held.fill('Is the red kite still there?');
  await held.press('Enter');

  // No reload: the row comes over the live socket.
  await expect(row(page, asha)).toContainText('Is the red kite still there?');
  await expect(row(page, asha)).toContainText('1 unread message');
  await phone.close();

  await row(page, asha).click();
  await expect(bubble(page, 'Is the red kite still there?')).toBeVisible();
  const composer = page.getByRole('textbox', { name: 'Write a message' });
  await composer.fill('Yes, we kept one for you.');
  await composer.press('Enter');
  const answer = bubble(page, 'Yes, we kept one for you.');
  await expect(answer.getByRole('img', { name: 'Delivered' })).toBeVisible();
  await expect(row(page, asha)).not.toContainText('unread message');

  // The phone is opened, so what arrived is read.
  const again = await context.newPage();
  await simulator.phone(again, asha);
  await expect(again.getByText('Yes, we kept one for you.').last()).toBeVisible();
  await expect(answer.getByRole('img', { name: 'Read' })).toBeVisible();
});

test('what was written without a connection goes out once when it is back', async ({
  page,
  context,
  product,
  simulator,
}) => {
  const ravi = await simulator.person('Ravi Nair');
  await simulator.write(ravi, 'When do you open?');
  await signIn(page, product);
  await row(page, ravi).click();
  await expect(bubble(page, 'When do you open?')).toBeVisible();

  await context.setOffline(true);
  const composer = page.getByRole('textbox', { name: 'Write a message' });
  await composer.fill('At nine tomorrow.');
  await composer.press('Enter');
  await expect(bubble(page, 'At nine tomorrow.')).toBeVisible();
  await context.setOffline(false);
  await expect(bubble(page, 'At nine tomorrow.').getByRole('img', { name: 'Delivered' })).toBeVisible();

  const summary = await simulator.ask<{ accepted: number; doubled: number }>(`ledger/summary?person=${ravi.id}`);
  expect(summary).toMatchObject({ accepted: 1, doubled: 0 });
  await page.reload();
  await expect(bubble(page, 'At nine tomorrow.')).toHaveCount(1);
});

test('the keyboard opens, closes and finds conversations', async ({ page, product, simulator }) => {
  const mei = await simulator.person('Mei Tanaka');
  await simulator.write(mei, 'Do you ship to Osaka?');
  await signIn(page, product);
  await expect(row(page, mei)).toBeVisible();

  // The newest is first; the list has the pointer.
  await page.keyboard.press('j');
  await expect(row(page, mei)).toHaveAttribute('data-pointed', 'true');
  await page.keyboard.press('Enter');
  await expect(bubble(page, 'Do you ship to Osaka?')).toBeVisible();
  await page.keyboard.press('e');
  await expect(row(page, mei)).toHaveCount(0);

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Mei Tanaka');
  await page.getByRole('option').filter({ hasText: 'Mei Tanaka' }).click();
  await expect(thread(page).getByText('Do you ship to Osaka?')).toBeVisible();
});
