// The pictures of the documentation, taken from the real binary: `cargo xtask pictures`.
// No part of the suite: a picture is looked at by a person.

import type { Page } from '@playwright/test';
import { bubble, expect, type Person, row, signIn, test } from './product';

const folder = '../docs/pictures';

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  // Nothing that only a resting pointer shows.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** People of the demo whose threads have something to see, and what the team answers. */
const stories = {
  light: { name: 'Asha Kulkarni', answer: 'Sorry about the spar! A new one leaves today, keep the old one as a spare.' },
  dark: { name: 'Rohan Mehta', answer: 'Thank you, Rohan. The reels are packed, the courier comes at four.' },
} as const;

for (const scheme of ['light', 'dark'] as const) {
  const { name, answer } = stories[scheme];
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('sign-in, inbox, phone', async ({ page, context, product, simulator }) => {
      await page.goto(product.url('/sign-in'));
      await expect(page.locator('input[type=password]')).toBeVisible();
      await picture(page, `sign-in-${scheme}`);

      const { data } = await simulator.ask<{ data: Person[] }>('persons');
      const person = data.find((each) => each.name === name);
      if (!person) throw new Error(`the demo has nobody called ${name}`);
      await signIn(page, product);
      await row(page, person).click();
      await page.getByRole('textbox', { name: 'Write a message' }).fill(answer);
      await page.keyboard.press('Enter');
      await expect(bubble(page, answer).getByRole('img', { name: /Delivered|Read/ })).toBeVisible();
      const phone = await context.newPage();
      await simulator.phone(phone, person);
      await expect(phone.getByText(answer).last()).toBeVisible();
      await picture(phone, `phone-${scheme}`);
      await picture(page, `inbox-wide-${scheme}`);
      await page.getByRole('button', { name: 'Fold the contact' }).first().click();
      for (const [size, width, height] of [
        ['middle', 1024, 768],
        ['narrow', 390, 844],
      ] as const) {
        await page.setViewportSize({ width, height });
        await picture(page, `inbox-${size}-${scheme}`);
      }
    });

    test('settings', async ({ page, product }) => {
      await signIn(page, product);
      await page.goto(product.url('/settings/templates'));
      await page.getByRole('link', { name: 'order_confirmed' }).first().click();
      await expect(page.getByText('On the customer’s phone')).toBeVisible();
      await picture(page, `template-${scheme}`);
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').fill('as');
      await expect(page.getByRole('option').filter({ hasText: 'Asha' }).first()).toBeVisible();
      await picture(page, `palette-${scheme}`);
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
