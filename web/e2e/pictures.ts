// The pictures of the documentation, taken from the real binary: `cargo xtask pictures`.
// No part of the suite: a picture is looked at by a person.

import type { Page } from '@playwright/test';
import { bubble, expect, type Person, type Product, row, signIn, test } from './product';

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
      const composer = page.getByRole('textbox', { name: 'Write a message' });
      await composer.fill(answer);
      await composer.press('Enter');
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
      await page.goto(product.url('/templates'));
      await page.getByRole('link', { name: 'order_confirmed' }).first().click();
      await expect(page.getByRole('region', { name: 'On the customer’s phone' })).toBeVisible();
      await picture(page, `template-${scheme}`);
      await page.goto(product.url('/templates?as=gallery'));
      await expect(page.getByRole('link', { name: 'spring_collection' })).toBeVisible();
      await picture(page, `template-gallery-${scheme}`);
      await editor(page, product);
      await picture(page, `template-editor-${scheme}`);
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').fill('as');
      await expect(page.getByRole('option').filter({ hasText: 'Asha' }).first()).toBeVisible();
      await picture(page, `palette-${scheme}`);
    });
  });
}

/** Whom the picture of the contacts asks for: people of the demo who ordered, and did not send anything back. */
const regulars = {
  all: [
    { event: { name: 'Order Placed', at_least: 2, within: '30d', where: [{ key: 'amount', is: { gt: 500 } }] } },
    { not: { event: { name: 'Order Returned' } } },
    { field: { name: 'country', is: { in: ['IN', 'GB', 'AE'] } } },
  ],
};

test('contacts', async ({ page, request, product }) => {
  const { data } = await product.ask<{ data: { id: string; country: string }[] }>(request, 'GET', '/contacts?limit=24');
  for (const [at, { id: contact }] of data.entries()) {
    for (let order = 0; order < 1 + (at % 4); order += 1) {
      const properties = { amount: 480 + 130 * order, items: order + 1, paid_by: order % 2 ? 'UPI' : 'Card' };
      await product.ask(request, 'POST', '/events', { contact, name: 'Order Placed', properties });
    }
    if (at % 5 === 4)
      await product.ask(request, 'POST', '/events', { contact, name: 'Order Returned', properties: { reason: 'Torn' } });
  }
  await product.ask(request, 'POST', '/segments', { name: 'Regulars', filter: regulars });
  await product.ask(request, 'POST', '/segments', { name: 'Wholesale', filter: { all: [{ tag: 'wholesale' }] } });
  await signIn(page, product);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(product.url('/contacts'));
    await page.getByRole('link', { name: 'Regulars' }).click();
    await expect(page.getByRole('status', { name: 'How many people' })).toContainText(/\d/);
    await picture(page, `contacts-${scheme}`);
    await page.keyboard.press('f');
    await page.getByRole('table', { name: 'Contacts' }).getByRole('link').first().click();
    await expect(page.getByText('Is in “Regulars”')).toBeVisible();
    await picture(page, `contacts-filter-${scheme}`);
  }
});

/** A campaign to the demo's own people, who get word of a parcel and so need not have agreed to anything. */
const parcel = {
  audience: { all: [{ not: { tag: 'staff' } }, { any: [{ field: { name: 'country', is: { in: ['IN', 'GB', 'AE'] } } }, { tag: 'wholesale' }] }] },
  variables: {
    'body.1': { from: 'field', key: 'first_name', fallback: 'there' },
    'body.2': { from: 'constant', value: '1042' },
    'body.3': { from: 'constant', value: 'Friday' },
    'button.0.url': { from: 'constant', value: '1042' },
  },
};

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`campaigns, ${scheme}`, () => {
    test.use({ colorScheme: scheme });

    test('builder, review, report', async ({ page, request, product }) => {
      const { audience, variables } = parcel;
      const template = await product.ask<{ data: { name: string; variables: { key: string }[] }[] }>(
        request,
        'GET',
        '/templates?q=order_confirmed&status=approved',
      );
      const keys = template.data[0]?.variables.map(({ key }) => key) ?? [];
      const filled = Object.fromEntries(Object.entries(variables).filter(([key]) => keys.includes(key)));
      const id = await product.campaign(request, 'Parcels before Uttarayan', 'order_confirmed', {
        audience,
        variables: filled,
        settings: { undo_seconds: 0 },
      });
      await signIn(page, product);
      const at = (path: string) => page.goto(product.url(`/campaigns/${id}${path}`));
      await at('/edit/audience');
      await expect(page.getByRole('region', { name: 'How many people' })).toContainText(/\d/);
      await picture(page, `campaign-audience-${scheme}`);
      await at('/edit/message');
      await expect(page.getByRole('region', { name: 'On the customer’s phone' })).toBeVisible();
      await picture(page, `campaign-message-${scheme}`);
      await at('/edit/review');
      await expect(page.getByRole('button', { name: /^Send to/ })).toBeEnabled();
      await picture(page, `campaign-review-${scheme}`);
      await page.getByRole('button', { name: /^Send to/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: /^Send to/ }).click();
      await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
      const read = page.getByRole('table', { name: 'People' }).getByText('Read', { exact: true });
      await expect.poll(() => read.count(), 'most have read it').toBeGreaterThan(14);
      await picture(page, `campaign-report-${scheme}`);
      const later = await product.campaign(request, 'Delivery dates before Holi', 'order_confirmed', {
        audience,
        variables: filled,
        schedule: { when: 'at', at: new Date(Date.now() + 30 * 86_400_000).toISOString(), zone: 'Asia/Kolkata' },
      });
      await product.ask(request, 'POST', `/campaigns/${later}/send`, {});
      await product.campaign(request, 'Kites for the long weekend', 'festival_offer', { audience });
      await page.goto(product.url('/campaigns'));
      await expect(page.getByRole('link', { name: /Parcels before/ }).first()).toBeVisible();
      await picture(page, `campaigns-${scheme}`);
    });
  });
}

/** The editor with a message that breaks one rule. */
async function editor(page: Page, product: Product): Promise<void> {
  await page.goto(product.url('/templates/new'));
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('kite_left');
  await page.getByRole('radio', { name: /^Utility/ }).check();
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await message.fill('Hello {{first_name}}, your *red kite* left our shop today.\n\nIt arrives on {{date}}');
  await page.getByRole('textbox', { name: 'Sample for {{first_name}}' }).fill('Asha');
  await page.getByRole('textbox', { name: 'Sample for {{date}}' }).fill('Friday');
  await page.getByRole('textbox', { name: 'Footer text' }).fill('Kite & Co., Mumbai');
  for (const [kind, text] of [
    ['Quick reply', 'Fine with me'],
    ['Quick reply', 'Another day'],
  ] as const) {
    await page.getByRole('button', { name: 'Add button' }).click();
    await page.getByRole('menuitem', { name: new RegExp(kind) }).click();
    await page.getByRole('textbox', { name: 'Text of the button' }).last().fill(text);
  }
  await expect(page.getByText('The text cannot end with a variable')).toBeVisible();
  await message.focus();
  await page.getByText('Stands above the text').evaluate((element) => element.scrollIntoView({ block: 'start' }));
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
