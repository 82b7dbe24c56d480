// The templates: found, written under the rules of WhatsApp, handed to its review, and what comes back.

import type { Locator, Page } from '@playwright/test';
import { clean, expect, type Product, type Simulator, settled, signIn, test } from './product';

interface Seen {
  id: string;
  name: string;
  language: string;
  status: string;
}

/** The template as the simulator has it. */
async function atMeta(simulator: Simulator, name: string): Promise<Seen> {
  let found: Seen | undefined;
  await expect
    .poll(async () => {
      found = (await simulator.ask<{ data: Seen[] }>('templates')).data.find((each) => each.name === name);
      return Boolean(found);
    }, `${name} reaches WhatsApp`)
    .toBe(true);
  if (!found) throw new Error(`no template ${name}`);
  return found;
}

const decide = async (simulator: Simulator, name: string, decision: Record<string, string>): Promise<void> => {
  const { id } = await atMeta(simulator, name);
  await simulator.tell(`templates/${id}/decision`, decision);
};

/** Opens the editor by the doors that people use. */
async function writeNew(page: Page, name: string, category = 'Utility'): Promise<Locator> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('link', { name: 'New template' }).click();
  await expect(page.getByRole('heading', { name: 'New template', level: 1 })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('radio', { name: new RegExp(`^${category}`) }).check();
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

const phone = (page: Page): Locator => page.getByRole('region', { name: 'On the customer’s phone' });

/** A template that is submitted and waits for its review. */
async function submitted(page: Page, name: string, text: string): Promise<void> {
  const body = await writeNew(page, name);
  await body.fill(text);
  await expect(page.getByText('Keeps all of WhatsApp’s rules')).toBeVisible();
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(page.getByText('In review').first()).toBeVisible();
}

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

test('a broken rule is said at its field, mended, submitted, and the approval comes by itself', async ({
  page,
  product,
  simulator,
}) => {
  await signIn(page, product);
  const body = await writeNew(page, 'Order Left!');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('order_left_');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('order_left');

  await body.fill('Hello ');
  await page.getByRole('button', { name: 'Add variable' }).click();
  await page.getByRole('menuitem', { name: 'first_name' }).click();
  await expect(body).toHaveValue('Hello {{first_name}}');
  await expect(page.getByText('The text cannot end with a variable')).toBeVisible();
  await expect(body).toHaveAttribute('aria-invalid', 'true');

  // The form asks for what is missing only when somebody wants to go on.
  await expect(page.getByText('Give a sample for “first_name”')).toHaveCount(0);
  await body.fill('Hello {{first_name}}, your kite left our shop today.');
  await expect(page.getByText('The text cannot end with a variable')).toHaveCount(0);
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByText('Give a sample for “first_name”')).toBeVisible();
  const sample = page.getByRole('textbox', { name: 'Sample for {{first_name}}' });
  await expect(sample).toBeFocused();
  await sample.fill('Asha');
  await expect(phone(page)).toContainText('Hello Asha, your kite left our shop today.');

  await page.getByRole('button', { name: 'Add button' }).click();
  await page.getByRole('menuitem', { name: /Open a website/ }).click();
  await page.getByRole('textbox', { name: 'Text of the button' }).fill('Track');
  await page.getByRole('textbox', { name: 'Address' }).fill('kite.example/t');
  await expect(page.getByText('An address begins with https://')).toBeVisible();
  await page.getByRole('textbox', { name: 'Address' }).fill('https://kite.example/t');
  await page.getByRole('checkbox', { name: 'Fill in the end for each person' }).check();
  await page.getByRole('textbox', { name: 'Sample for the end' }).fill('1042');
  await expect(page.getByText('Keeps all of WhatsApp’s rules')).toBeVisible();
  await expect(phone(page)).toContainText('Track');

  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByRole('heading', { name: 'order_left', level: 1 })).toBeVisible();
  await expect(page.getByText('In review').first()).toBeVisible();
  await decide(simulator, 'order_left', { status: 'APPROVED' });
  await expect(page.getByText('Approved', { exact: true })).toBeVisible();
});

test('a rejection says why and what to do, and the mended text goes to review again', async ({
  page,
  product,
  simulator,
}) => {
  await signIn(page, product);
  await submitted(page, 'account_check', 'Please tell us your new address for the next parcel.');
  await decide(simulator, 'account_check', { status: 'REJECTED', reason: 'SCAM' });
  await expect(page.getByText('Rejected: WhatsApp takes it for a scam')).toBeVisible();
  await expect(page.getByText('ask for no passwords')).toBeVisible();

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('We deliver your next parcel on Friday.');
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByText('In review').first()).toBeVisible();
  await decide(simulator, 'account_check', { status: 'APPROVED' });
  await expect(page.getByText('Approved', { exact: true }).first()).toBeVisible();
});

test('what Meta changes is seen where it happened', async ({ page, product, simulator }) => {
  await signIn(page, product);
  await submitted(page, 'kite_news', 'New kites have arrived in our shop this week.');
  await decide(simulator, 'kite_news', { status: 'APPROVED' });
  await expect(page.getByText('Approved', { exact: true })).toBeVisible();
  await decide(simulator, 'kite_news', { category: 'MARKETING' });
  await expect(page.getByText('WhatsApp changed the category from Utility to Marketing')).toBeVisible();
  await decide(simulator, 'kite_news', { status: 'PAUSED' });
  await expect(page.getByText('WhatsApp paused this template')).toBeVisible();
});

test('a draft is kept, left only knowingly, duplicated and deleted', async ({ page, product }) => {
  await signIn(page, product);
  const body = await writeNew(page, 'half_done', 'Marketing');
  await body.fill('A thought that is');
  await page.getByRole('article').getByRole('link', { name: 'Templates' }).click();
  const sure = page.getByRole('dialog', { name: 'Leave without saving?' });
  await sure.getByRole('button', { name: 'Stay' }).click();
  // What is pressed while it is open is its own.
  await expect(sure).toBeHidden();
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  await expect(page).toHaveURL(/\/templates\/[^/]+\/edit$/);
  await page.reload();
  await expect(body).toHaveValue('A thought that is');
  await page.getByRole('article').getByRole('link', { name: 'half_done' }).click();
  await expect(page.getByText('Not submitted yet')).toBeVisible();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  const copy = page.getByRole('dialog', { name: 'Duplicate “half_done”' });
  await copy.getByRole('textbox', { name: 'Name', exact: true }).fill('half_done_again');
  await copy.getByRole('button', { name: 'Make the draft' }).click();
  await expect(page.getByRole('heading', { name: 'Edit half_done_again' })).toBeVisible();
  await expect(body).toHaveValue('A thought that is');

  await page.getByRole('article').getByRole('link', { name: 'half_done_again' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page
    .getByRole('dialog', { name: 'Delete “half_done_again”?' })
    .getByRole('button', { name: 'Delete template' })
    .click();
  await expect(page.getByText('“half_done_again” is deleted.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'half_done', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'half_done_again', exact: true })).toHaveCount(0);
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

for (const scheme of ['light', 'dark'] as const)
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('gallery, template and editor are clean', async ({ page, product }) => {
      await signIn(page, product);
      await page.goto(product.url('/templates?as=gallery'));
      await expect(page.getByRole('link', { name: 'spring_collection' })).toBeVisible();
      await clean(page, 'gallery');
      await page.getByRole('link', { name: 'spring_collection' }).click();
      await expect(phone(page)).toBeVisible();
      await clean(page, 'template');
      await full(page, product);
      await clean(page, 'editor');
      await page.getByRole('radio', { name: scheme === 'light' ? 'Dark' : 'Light' }).check();
      await clean(page, 'editor with the other phone');
    });
  });

/** The editor with one of everything, and something wrong. */
async function full(page: Page, product: Product): Promise<void> {
  await page.goto(product.url('/templates/new'));
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('{{first_name}}, look at _this_');
  await page.getByRole('radio', { name: 'Text', exact: true }).check();
  for (const kind of ['Quick reply', 'Open a website', 'Call a number', 'Copy an offer code']) {
    await page.getByRole('button', { name: 'Add button' }).click();
    await page.getByRole('menuitem', { name: new RegExp(kind) }).click();
  }
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
}

test('on a phone the form and the phone take turns', async ({ page, product }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, product);
  await page.goto(product.url('/templates/new'));
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello from the shop');
  await expect(phone(page)).toBeHidden();
  await page.getByRole('radio', { name: 'Phone' }).check();
  await expect(phone(page)).toContainText('Hello from the shop');
  await settled(page);
  const [wide, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide).toBeLessThanOrEqual(room);
});
