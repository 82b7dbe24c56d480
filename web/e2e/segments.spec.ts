// Contacts: rules over traits and events, saved as a segment, shared by address, explained person by
// person, and used by a campaign; through the real binary and its simulator.

import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { clean, expect, type Product, signIn, test } from './product';

interface Customer {
  name: string;
  harbour: string;
  /** What each of their orders cost. */
  orders: number[];
}

let customers = 0;

/** Contacts as a shop's program would tell of them, each with a trait and with orders. */
async function tell(product: Product, request: APIRequestContext, event: string, people: Customer[]): Promise<void> {
  for (const { name, harbour, orders } of people) {
    customers += 1;
    const phone = `+91741${5_000_000 + customers}`;
    const { id } = await product.ask<{ id: string }>(request, 'POST', '/contacts', {
      name,
      phone,
      tags: ['shop'],
      traits: { harbour },
    });
    for (const amount of orders)
      await product.ask(request, 'POST', '/events', { contact: id, name: event, properties: { amount, colour: 'red' } });
  }
}

const people = (page: Page) => page.getByRole('table', { name: 'Contacts' });
const personRow = (page: Page, name: string) => people(page).getByRole('row').filter({ hasText: name });
const counted = (page: Page) => page.getByRole('status', { name: 'How many people' });
const panel = (page: Page) => page.getByRole('complementary', { name: 'Contact' });
const rules = (page: Page) => page.getByRole('group', { name: 'Group of rules' });
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Segments' });

async function openContacts(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
  await expect(page.getByRole('heading', { name: 'Contacts', level: 1 })).toBeVisible();
  await expect(people(page).getByRole('link').first()).toBeVisible();
}

const subject = (rule: Locator) => rule.getByRole('combobox', { name: 'What the rule is about' });

test('a filter over events and traits is counted, shared, saved, explained, and used by a campaign', async ({
  page,
  request,
  product,
}) => {
  await tell(product, request, 'Kite Ordered', [
    { name: 'Ira Sail', harbour: 'Pune', orders: [250, 300] },
    { name: 'Ben Sail', harbour: 'Pune', orders: [40, 260] },
    { name: 'Cleo Sail', harbour: 'Goa', orders: [500, 600] },
  ]);
  await signIn(page, product);
  await openContacts(page);

  // Built by rules: an event with how often and a condition, and a trait.
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const all = rules(page);
  await subject(all).selectOption({ label: 'Event' });
  await all.getByRole('combobox', { name: 'Event', exact: true }).selectOption('Kite Ordered');
  await expect(counted(page)).toHaveText('3 people');
  await all.getByRole('textbox', { name: 'How often at least' }).fill('2');
  await all.getByRole('button', { name: 'Add a condition' }).click();
  await all.getByRole('combobox', { name: 'Particular' }).selectOption('amount');
  await all.getByRole('combobox', { name: 'How it compares' }).last().selectOption({ label: 'is more than' });
  await all.getByRole('textbox', { name: 'Value' }).fill('100');
  await expect(counted(page)).toHaveText('2 people');
  await all.getByRole('button', { name: 'Add a rule' }).click();
  await subject(all).last().selectOption('trait:harbour');
  await all.getByRole('textbox', { name: 'Value' }).last().fill('Pune');
  await expect(counted(page)).toHaveText('1 person');
  await expect(personRow(page, 'Ira Sail')).toBeVisible();
  await expect(personRow(page, 'Ben Sail')).toHaveCount(0);

  // The address is the view: whoever follows it sees the same.
  await expect(page).toHaveURL(/filter=/);
  await page.reload();
  await expect(counted(page)).toHaveText('1 person');
  const sentence = page.getByRole('region', { name: 'Who is listed' });
  await expect(sentence).toContainText('Contacts who did “Kite Ordered” at least 2 times with amount above 100');

  await sentence.getByRole('button', { name: 'Save as segment' }).click();
  const naming = page.getByRole('dialog', { name: 'Save as segment' });
  await naming.getByRole('button', { name: 'Save as segment' }).click();
  await expect(naming).toContainText('Give it a name');
  const name = naming.getByRole('textbox', { name: 'Name' });
  await name.fill('Regulars in Pune');
  await name.press('Enter');
  const tab = tabs(page).getByRole('link', { name: 'Regulars in Pune' });
  await expect(tab).toHaveAttribute('aria-current', 'page');
  await expect(page).toHaveURL(/\?segment=segment_/);
  await page.reload();
  await expect(tab).toHaveAttribute('aria-current', 'page');
  await expect(counted(page)).toHaveText('1 person');

  // By keyboard: to the first row, and who it is.
  await expect(personRow(page, 'Ira Sail')).toBeVisible();
  await page.keyboard.press('j');
  await expect(personRow(page, 'Ira Sail').getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('Is in “Regulars in Pune”');
  await expect(panel(page)).toContainText('2 that count');
  await expect(panel(page)).toContainText('Has: Pune');
  const first = panel(page).getByRole('group').filter({ hasText: 'Kite Ordered' }).first();
  await first.getByText('Kite Ordered').click();
  await expect(first).toContainText('red');

  // Why somebody else is not there.
  await sentence.getByRole('button', { name: 'Check a person' }).click();
  const picker = page.getByRole('dialog', { name: 'Check a person' });
  await picker.getByRole('searchbox').fill('Ben Sail');
  await picker.getByRole('button', { name: 'Ben Sail' }).click();
  await expect(panel(page)).toContainText('Is not in “Regulars in Pune”');
  await expect(panel(page)).toContainText('1 that counts');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);

  // A campaign to them.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).click();
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  const campaign = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await campaign.fill('Fair winds');
  await campaign.press('Enter');
  await page.getByRole('radio', { name: 'A saved segment' }).check();
  await page.getByRole('combobox', { name: 'Segment' }).selectOption({ label: 'Regulars in Pune' });
  await expect(page.getByRole('region', { name: 'How many people' })).toContainText('1');
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText(
    'Contacts in the segment “Regulars in Pune”: 1 person.',
  );
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  // What a campaign needs stays.
  await openContacts(page);
  await tab.click();
  await tabs(page).getByRole('button', { name: 'Actions for Regulars in Pune' }).click();
  await page.getByRole('menuitem', { name: 'Delete segment' }).click();
  const asking = page.getByRole('dialog', { name: 'Delete “Regulars in Pune”?' });
  await asking.getByRole('button', { name: 'Delete segment' }).click();
  await expect(asking.getByRole('alert')).toContainText('“Fair winds”');
  await asking.getByRole('button', { name: 'Keep it' }).click();
  await expect(tab).toBeVisible();
});

test('a segment is changed, taken back, renamed and deleted', async ({ page, request, product }) => {
  await tell(product, request, 'Reel Ordered', [{ name: 'Dita Keel', harbour: 'Kochi', orders: [1] }]);
  const { id } = await product.ask<{ id: string }>(request, 'POST', '/segments', {
    name: 'Kochi',
    filter: { all: [{ trait: { key: 'harbour', is: { eq: 'Kochi' } } }] },
  });
  await signIn(page, product);
  await page.goto(product.url(`/contacts?segment=${id}`));
  await expect(counted(page)).toHaveText('1 person');
  await page.keyboard.press('f');
  await rules(page).getByRole('button', { name: 'Add a rule' }).click();
  await subject(rules(page)).last().selectOption({ label: 'Conversation' });
  await expect(counted(page)).toHaveText('0 people');
  await expect(page.getByText('Nobody fits')).toBeVisible();
  await page.getByRole('button', { name: 'Update “Kochi”' }).click();
  // The notice with the way back stays while the pointer rests on it.
  await page.getByText('“Kochi” now means these people.').hover();
  await expect(page).toHaveURL(new RegExp(`\\?segment=${id}$`));
  await expect(counted(page)).toHaveText('0 people');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(counted(page)).toHaveText('1 person');

  await tabs(page).getByRole('button', { name: 'Actions for Kochi' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const naming = page.getByRole('dialog', { name: 'Rename the segment' });
  const name = naming.getByRole('textbox', { name: 'Name' });
  await name.fill('Kochi harbour');
  await name.press('Enter');
  await expect(tabs(page).getByRole('link', { name: 'Kochi harbour' })).toBeVisible();

  await product.ask(request, 'POST', '/segments', { name: 'Taken', filter: { tag: 'shop' } });
  await page.reload();
  await tabs(page).getByRole('button', { name: 'Actions for Kochi harbour' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await name.fill('Taken');
  await name.press('Enter');
  await expect(naming).toContainText('Another segment has this name.');
  await name.press('Escape');
  await expect(naming).toBeHidden();

  await tabs(page).getByRole('button', { name: 'Actions for Kochi harbour' }).click();
  await page.getByRole('menuitem', { name: 'Delete segment' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete segment' }).click();
  await expect(page.getByText('“Kochi harbour” is deleted.')).toBeVisible();
  await expect(tabs(page).getByRole('link', { name: 'Kochi harbour' })).toHaveCount(0);
});

test('a link that is not complete says so and shows everybody', async ({ page, product }) => {
  await signIn(page, product);
  await page.goto(product.url('/contacts?filter=%7B%22tag%22%3A'));
  await expect(page.getByRole('alert')).toContainText('The filter in this link is not complete');
  await expect(people(page).getByRole('link').first()).toBeVisible();
  await page.goto(product.url('/contacts?segment=segment_01gone'));
  await expect(page.getByRole('alert')).toContainText('This segment was deleted');
});

test('somebody is searched for, added, and found again by the same number', async ({ page, product }) => {
  await signIn(page, product);
  await openContacts(page);
  await page.keyboard.press('c');
  const adding = page.getByRole('dialog', { name: 'Add contact' });
  const number = adding.getByRole('textbox', { name: 'Phone' });
  await expect(number).toBeFocused();
  await number.fill('12');
  await number.press('Enter');
  await expect(adding).toContainText('This is no complete phone number.');
  await number.fill('+91 98200 11223');
  const name = adding.getByRole('textbox', { name: 'Name' });
  await name.fill('Uma Anchor');
  await name.press('Enter');
  await expect(panel(page)).toContainText('Uma Anchor');
  await expect(adding).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search by name, number or email' })).toBeFocused();
  await page.keyboard.type('20011 223');
  await expect(counted(page)).toHaveText('1 person');
  await expect(personRow(page, 'Uma Anchor')).toBeVisible();

  await page.getByRole('button', { name: 'Add contact' }).click();
  await number.fill('+919820011223');
  await number.press('Enter');
  await expect(page.getByText('This number was known already.')).toBeVisible();
  await expect(panel(page)).toContainText('Uma Anchor');
});

test('columns are chosen and remembered, the order is in the address', async ({ page, request, product }) => {
  const names = ['Émile Mast', 'abel Mast', 'Zora Mast', 'Fay Mast'];
  await tell(
    product,
    request,
    'Tail Ordered',
    names.map((name) => ({ name, harbour: 'Mastport', orders: [] })),
  );
  await signIn(page, product);
  const filter = encodeURIComponent(JSON.stringify({ trait: { key: 'harbour', is: { eq: 'Mastport' } } }));
  await page.goto(product.url(`/contacts?filter=${filter}`));
  await expect(people(page).getByRole('link')).toHaveCount(4);
  const head = (name: string) => people(page).getByRole('columnheader', { name });
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Where from' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'harbour' }).click();
  await page.keyboard.press('Escape');
  await expect(head('Where from')).toHaveCount(0);
  await expect(head('harbour')).toBeVisible();
  await page.reload();
  await expect(head('harbour')).toBeVisible();
  await expect(people(page).getByRole('link'), 'the newest first').toHaveText([...names].reverse());
  await page.getByRole('button', { name: /Order/ }).click();
  await page.getByRole('menuitemradio', { name: 'By name' }).click();
  await expect(page).toHaveURL(/order=name/);
  const inOrder = ['abel Mast', 'Émile Mast', 'Fay Mast', 'Zora Mast'];
  await expect(people(page).getByRole('link')).toHaveText(inOrder);
  await page.reload();
  await expect(people(page).getByRole('link')).toHaveText(inOrder);
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('the rules, a person with reasons, and a phone’s width are clean', async ({ page, request, product }) => {
      const event = `Kite ${scheme}`;
      await tell(product, request, event, [{ name: `Noa ${scheme}`, harbour: 'Goa', orders: [7] }]);
      const filter = {
        all: [
          { event: { name: event, at_least: 1, within: '30d', where: [{ key: 'amount', is: { gte: 5 } }] } },
          { not: { any: [{ conversation: { status: 'open', window: 'closed' } }, { tag: 'staff' }] } },
          { field: { name: 'created_at', is: { past: '7d' } } },
        ],
      };
      await signIn(page, product);
      await page.goto(product.url(`/contacts?filter=${encodeURIComponent(JSON.stringify(filter))}`));
      await expect(counted(page)).toHaveText('1 person');
      await clean(page, 'sentence');
      await personRow(page, `Noa ${scheme}`).getByRole('link').click();
      await expect(panel(page)).toContainText('Fits the filter');
      await page.keyboard.press('f');
      await expect(rules(page).first()).toBeVisible();
      await clean(page, 'rules and person');
      for (const width of [390, 900]) {
        await page.setViewportSize({ width, height: 844 });
        await clean(page, `person, ${width}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `nothing is wider than ${width}`).toBeLessThanOrEqual(width);
      }
    });
  });
}
