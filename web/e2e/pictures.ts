// The pictures of the documentation, taken from the real binary: `cargo xtask pictures`.
// No part of the suite: a picture is looked at by a person.

import type { Page } from '@playwright/test';
import { bubble, expect, row, signIn, test } from './product';

const folder = '../docs/pictures';

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('sign-in, inbox, phone', async ({ page, context, product, simulator }) => {
      await page.goto(product.url('/sign-in'));
      await expect(page.locator('input[type=password]')).toBeVisible();
      await picture(page, `sign-in-${scheme}`);

      const asha = await simulator.person(scheme === 'light' ? 'Asha Verma' : 'Ravi Nair');
      await simulator.write(asha, 'Hello, is the red kite still there?');
      await signIn(page, product);
      await row(page, asha).click();
      await expect(bubble(page, 'is the red kite still there?')).toBeVisible();
      for (const words of ['Yes, we kept one for you.', 'Shall we send it, or will you come by?']) {
        await page.getByRole('textbox', { name: 'Write a message' }).fill(words);
        await page.keyboard.press('Enter');
        await expect(bubble(page, words).getByRole('img', { name: /Delivered|Read/ })).toBeVisible();
      }
      const phone = await context.newPage();
      await simulator.phone(phone, asha);
      await phone.getByRole('textbox', { name: 'Message' }).fill('I will come by at five.');
      await phone.keyboard.press('Enter');
      await expect(phone.getByText('I will come by at five.').last()).toBeVisible();
      await picture(phone, `phone-${scheme}`);
      await expect(bubble(page, 'I will come by at five.')).toBeVisible();
      for (const [name, width, height] of [
        ['wide', 1440, 900],
        ['middle', 1024, 768],
        ['narrow', 390, 844],
      ] as const) {
        await page.setViewportSize({ width, height });
        await picture(page, `inbox-${name}-${scheme}`);
      }
    });
  });
}

test('template picker', async ({ page, product, simulator }) => {
  const noor = await simulator.person('Noor Haddad');
  await simulator.write(noor, 'Has my parcel left?');
  await signIn(page, product);
  await row(page, noor).click();
  await expect(bubble(page, 'Has my parcel left?')).toBeVisible();
  await simulator.advance(25);
  await page.reload();
  await expect(page.getByText('Only an approved template may be sent')).toBeVisible();
  await picture(page, 'template-picker-closed');
  await page.getByRole('main').getByText(/order|delivery|parcel/i).last().click();
  await picture(page, 'template-picker');
});
