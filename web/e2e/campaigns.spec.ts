// Campaigns: from a file of people to a report that adds up, through the real binary and its simulator.

import type { APIRequestContext, Page } from '@playwright/test';
import { clean, expect, type Person, type Product, settled, signIn, type Simulator, test } from './product';

/** Two people who are customers, and a row that is nobody. */
function fileOf(people: Person[]): { name: string; mimeType: string; buffer: Buffer } {
  const rows = [
    'Name;Mobile;Coupon',
    ...people.map((person, index) => `${person.name};${person.phone};GALE${index + 1}`),
    'Nobody;12;GALE9',
  ];
  return { name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\r\n')}\r\n`) };
}

async function newCampaign(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).click();
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New campaign' });
  const field = dialog.getByRole('textbox', { name: 'Name' });
  await field.fill(name);
  await field.press('Enter');
  await expect(page.getByRole('heading', { name: 'Who gets it?' })).toBeVisible();
}

const step = (page: Page, name: string) => page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name });

/** Brings a file in with the question about consent answered, and makes its list the audience. */
async function bringIn(page: Page, people: Person[], tag: string): Promise<void> {
  await page.getByRole('radio', { name: 'A file' }).check();
  await page.getByLabel('Choose a file').setInputFiles(fileOf(people));
  await expect(page.getByLabel('What Mobile becomes')).toHaveValue('phone');
  await expect(page.getByLabel('What Name becomes')).toHaveValue('name');
  await page.getByRole('textbox', { name: 'Tag for everybody' }).fill(tag);
  await page.getByRole('button', { name: 'Try it first' }).click();
  await expect(page.getByText('Answer this before you go on.')).toBeVisible();
  await page.getByRole('radio', { name: 'They agreed' }).check();
  await page.getByRole('textbox', { name: 'Where' }).fill('Stand at the fair');
  await page.getByLabel('When').fill('2026-01-14');
  await page.getByRole('textbox', { name: 'The words they agreed to' }).fill('Yes, write to me on WhatsApp.');
  await page.getByRole('button', { name: 'Try it first' }).click();
  const outcome = page.getByRole('region', { name: 'What would come of it' });
  await expect(outcome).toContainText('Not readable');
  await expect(outcome.getByRole('row').filter({ hasText: 'Nobody' })).toContainText('too short');
  await page.getByRole('button', { name: `Bring in ${people.length} people` }).click();
  await page.getByRole('button', { name: 'Use this list' }).click();
}

async function chooseMessage(page: Page): Promise<void> {
  await step(page, 'Message').click();
  await page.getByRole('button', { name: 'Use festival_offer' }).click();
  await page.getByRole('combobox', { name: 'Words for {{1}}' }).selectOption({ label: 'First name' });
  await page.getByRole('textbox', { name: 'Words for {{1}} if it is empty' }).fill('there');
  await page.getByRole('combobox', { name: 'Words for Copy code' }).selectOption({ label: 'The same for everybody' });
  await page.getByRole('textbox', { name: 'Words for Copy code, the same for everybody' }).fill('GALE20');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** How long it can be taken back, as the step that asks calls it: long enough to be seen on a slow machine. */
async function chooseUndo(page: Page, time: RegExp): Promise<void> {
  await step(page, 'Schedule').click();
  const choice = page.getByRole('radiogroup', { name: 'Time to undo' }).getByRole('radio', { name: time });
  await choice.check();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** A person's no is known, so that whoever asks now is told of it. */
async function saidNo(product: Product, request: APIRequestContext, { phone }: Person): Promise<void> {
  type Found = { data: { consent: { category: string; state: string }[] }[] };
  await expect
    .poll(async () => {
      const { data } = await product.ask<Found>(request, 'GET', `/contacts?q=${phone.slice(1)}`);
      return data[0]?.consent.find(({ category }) => category === 'marketing')?.state;
    })
    .toBe('denied');
}

async function send(page: Page, words: string): Promise<void> {
  await step(page, 'Review').click();
  await page.getByRole('button', { name: words }).click();
  await page.getByRole('dialog').getByRole('button', { name: words }).click();
  await expect(page.getByText(/It begins in \d+ seconds?/)).toBeVisible();
}

/** The figures of the line that must add up. */
async function sum(page: Page): Promise<Record<string, number>> {
  const terms = page.getByRole('region', { name: 'How far it came' }).locator('dl > div');
  const pairs = await terms.evaluateAll((all) =>
    all.map((each) => [each.querySelector('dt')?.textContent ?? '', Number(each.querySelector('dd')?.textContent?.replace(/\D/g, ''))]),
  );
  return Object.fromEntries(pairs);
}

async function everybody(product: Product, simulator: Simulator, page: Page, names: [string, string]): Promise<Person[]> {
  const people = [await simulator.person(names[0]), await simulator.person(names[1])];
  await signIn(page, product);
  return people;
}

test('a file becomes an audience, the review tells who is left out, a sending is taken back and sent, the report adds up', async ({
  page,
  context,
  request,
  product,
  simulator,
}) => {
  const [zara, omid] = await everybody(product, simulator, page, ['Zara Gale', 'Omid Gale']);
  if (!zara || !omid) throw new Error('two people were made');
  await newCampaign(page, 'Gale warning');
  await bringIn(page, [zara, omid], 'gale');
  await expect(page.getByRole('region', { name: 'How many people' })).toContainText('2');

  // One of the two says no; the whole message is the word.
  await simulator.write(omid, 'STOP');
  await saidNo(product, request, omid);
  await page.getByRole('radio', { name: 'By tags and fields' }).check();
  await page.getByRole('combobox', { name: 'Tag' }).selectOption({ label: 'gale (2)' });
  await expect(page.getByRole('region', { name: 'How many people' })).toContainText('2');
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText('Contacts tagged “gale”: 2 people.');

  await chooseMessage(page);
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText('{{1}}: First name, else “there”.');
  await chooseUndo(page, /^1 min/);
  await expect(page.getByRole('radio', { name: 'As soon as I send it' })).toBeChecked();

  // Left and come back to: it goes on where it was.
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await page.getByRole('link', { name: 'Gale warning' }).click();
  await expect(page.getByRole('heading', { name: 'Read it once more' })).toBeVisible();
  await expect(page.getByText('1 person gets it.')).toBeVisible();
  await page.getByRole('button', { name: '1 opted out' }).click();
  await expect(page.getByRole('dialog', { name: '1 opted out' })).toContainText('Omid Gale');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Happy Makar Sankranti, Zara!').first()).toBeVisible();

  await send(page, 'Send to 1 person');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('navigation', { name: 'Steps' })).toBeVisible();
  const none = await simulator.ask<{ accepted: number }>(`ledger/summary?person=${zara.id}`);
  expect(none.accepted, 'what is taken back never left').toBe(0);

  await chooseUndo(page, /^10 sec/);
  await step(page, 'Review').click();
  await page.getByRole('button', { name: 'Send to 1 person' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send to 1 person' }).click();
  await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
  const phone = await context.newPage();
  await simulator.phone(phone, zara);
  await expect(phone.getByText('Happy Makar Sankranti, Zara!').last()).toBeVisible();
  const people = page.getByRole('table', { name: 'People' });
  await expect(people.getByRole('row').filter({ hasText: 'Zara Gale' })).toContainText('Read');
  await expect(people.getByRole('row').filter({ hasText: 'Omid Gale' })).toContainText('opted out');
  await expect.poll(() => sum(page)).toMatchObject({ Planned: 2, Sent: 1, Failed: 0, 'Left out': 1, Waiting: 0 });
  const ledger = await simulator.ask<{ accepted: number; doubled: number }>(`ledger/summary?person=${zara.id}`);
  expect(ledger).toMatchObject({ accepted: 1, doubled: 0 });

  // From the figure to the people, from a person to the chat.
  await page.getByRole('link', { name: 'Show 1 person' }).click();
  await expect(page).toHaveURL(/state=skipped&reason=opted_out/);
  await expect(people.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'For any reason' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toContain('.csv');
  await page.goto(page.url().split('?')[0] ?? '');
  await people.getByRole('link', { name: 'Zara Gale' }).click();
  await expect(page.getByRole('log').getByText('Happy Makar Sankranti, Zara!')).toBeVisible();
});

test('what is missing is said, with the step that mends it', async ({ page, product }) => {
  await signIn(page, product);
  await newCampaign(page, 'Half a campaign');
  await step(page, 'Review').click();
  await expect(page.getByText('Nobody is chosen yet.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await page.getByRole('link', { name: 'No template is chosen.' }).click();
  await expect(page.getByRole('heading', { name: 'What does it say?' })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Half a campaign' }).click();
  await page.getByRole('menuitem', { name: 'Delete draft' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete draft' }).click();
  await expect(page.getByText('“Half a campaign” is deleted.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Half a campaign' })).toHaveCount(0);
});

test('a gap without words is named as on the phone, not by its key', async ({ page, request, product }) => {
  const audience = { everyone: true };
  const id = await product.campaign(request, 'Gaps', 'festival_offer', { audience });
  await signIn(page, product);
  await page.goto(product.url(`/campaigns/${id}/edit/review`));
  await expect(page.getByRole('link', { name: 'The gap Copy code has no words.' })).toBeVisible();
  await page.getByRole('link', { name: 'The gap {{1}} has no words.' }).click();
  await expect(page.getByRole('combobox', { name: 'Words for {{1}}' })).toBeVisible();
});

test('the list is walked with j, k and Enter, c begins a new one, and so does the palette', async ({ page, request, product }) => {
  await product.campaign(request, 'Walked first', 'hello_kite', {});
  await product.campaign(request, 'Walked second', 'hello_kite', {});
  await signIn(page, product);
  await page.goto(product.url('/campaigns?q=Walked'));
  const named = (name: string) => page.getByRole('link', { name });
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.keyboard.press('j');
  await expect(named('Walked second')).toBeFocused();
  await page.keyboard.press('j');
  await expect(named('Walked first')).toBeFocused();
  await page.keyboard.press('k');
  await expect(named('Walked second')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/edit\/audience$/);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Walked second');

  await page.goto(product.url('/campaigns'));
  await expect(page.getByRole('link', { name: 'Walked first' })).toBeVisible();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New campaign' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.goto(product.url('/inbox'));
  // Keys are heard once the page is there.
  await expect(page.getByRole('link', { name: /^Window/ }).first()).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('combobox');
  await palette.fill('new campaign');
  await expect(page.getByRole('option', { selected: true })).toContainText('New campaign');
  await palette.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(/\/campaigns\?new=true/);
});

test('rules are joined by and, or and not, and counted as one writes, by keyboard alone', async ({ page, product }) => {
  await signIn(page, product);
  await newCampaign(page, 'By keyboard');
  const everyone = page.getByRole('radio', { name: 'Everyone' });
  await everyone.press('Space');
  await expect(everyone).toBeChecked();
  await everyone.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'By tags and fields' })).toBeChecked();
  const rules = page.getByRole('group', { name: 'Group of rules' });
  await rules.getByRole('combobox', { name: 'What the rule is about' }).selectOption({ label: 'Country' });
  await rules.getByRole('combobox', { name: 'Value' }).selectOption({ label: 'India' });
  const counted = page.getByRole('region', { name: 'How many people' });
  await expect(counted).not.toContainText('Nobody');
  await rules.getByRole('button', { name: 'Add a group' }).press('Enter');
  const inner = rules.getByRole('group', { name: 'Group of rules' });
  await inner.getByRole('combobox', { name: 'How the rules are joined' }).selectOption({ label: 'None of these is true' });
  await inner.getByRole('combobox', { name: 'What the rule is about' }).selectOption({ label: 'Email' });
  await inner.getByRole('combobox', { name: 'How it compares' }).selectOption({ label: 'is known' });
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText(
    'Contacts with Country India and not (with a known Email)',
  );
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(inner.getByRole('combobox', { name: 'How it compares' })).toHaveValue('known');
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('every step and the report are clean', async ({ page, product, simulator }) => {
      // As many screens as there are steps, each looked at in full, and half a minute in which it can be taken back.
      test.slow();
      const person = await simulator.person(`Noor ${scheme}`);
      await simulator.write(person, 'Do you have a sale?');
      await signIn(page, product);
      await newCampaign(page, `Clean ${scheme}`);
      await page.getByRole('radio', { name: 'By tags and fields' }).check();
      await page.getByRole('combobox', { name: 'What the rule is about' }).selectOption({ label: 'Phone' });
      await page.getByRole('textbox', { name: 'Value' }).fill(person.phone);
      await expect(page.getByRole('region', { name: 'How many people' })).toContainText('1');
      await clean(page, 'audience');
      await page.getByRole('radio', { name: 'A file' }).check();
      await clean(page, 'file');
      await page.getByRole('radio', { name: 'By tags and fields' }).check();
      await step(page, 'Message').click();
      await expect(page.getByRole('button', { name: 'Use hello_kite' })).toBeVisible();
      await clean(page, 'gallery');
      await page.getByRole('button', { name: 'Use hello_kite' }).click();
      await expect(page.getByText('This template has no gaps')).toBeVisible();
      await clean(page, 'message');
      for (const name of ['Test', 'Schedule', 'Review']) {
        await step(page, name).click();
        await settled(page);
        await clean(page, name);
      }
      await chooseUndo(page, /^30 sec/);
      await send(page, 'Send to 1 person');
      await clean(page, 'countdown');
      await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
      await settled(page);
      await clean(page, 'report');
      await page.getByRole('button', { name: 'Write again' }).click();
      const again = page.getByRole('dialog', { name: 'Write again to some of them' });
      await expect(again).toBeVisible();
      await clean(page, 'write again');
      await page.keyboard.press('Escape');
      await expect(again).toBeHidden();
      await page.getByRole('button', { name: 'Show as a table' }).click();
      await expect(page.getByRole('table', { name: 'Over time' })).toBeVisible();
    });
  });
}
