// On-going campaigns: written in the console, started by an event that a program tells, paused, and changed
// in a version, through the real binary and its simulator.

import type { APIRequestContext, Page } from '@playwright/test';
import { clean, expect, type Person, type Product, row, signIn, test } from './product';

const step = (page: Page, name: string) => page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name });

/** A program tells what somebody did. */
const tell = (product: Product, request: APIRequestContext, person: Person, id: string, total: number) =>
  product.ask(request, 'POST', '/events', {
    contact: person.phone,
    name: 'Kite Bought',
    id,
    properties: { order: id, total },
  });

async function newCampaign(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).click();
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New campaign' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('radio', { name: 'On-going' }).check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'What starts it?' })).toBeVisible();
}

/** Orders of a hundred or more. */
async function chooseTrigger(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'An event' }).check();
  await page.getByRole('combobox', { name: 'Event' }).selectOption({ label: 'Kite Bought (1 in the last 7 days)' });
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('combobox', { name: 'Particular' }).selectOption({ label: 'total' });
  await page.getByRole('combobox', { name: 'How it compares' }).selectOption({ label: 'is at least' });
  await page.getByRole('textbox', { name: 'Value' }).fill('100');
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText(
    'It starts when somebody does “Kite Bought” with total at least 100.',
  );
}

/** The name of the person, and the order from the event. */
async function chooseMessage(page: Page): Promise<void> {
  await step(page, 'Message').click();
  await page.getByRole('button', { name: 'Use order_confirmed' }).click();
  await page.getByRole('combobox', { name: 'Words for {{1}}' }).selectOption({ label: 'First name' });
  await page.getByRole('textbox', { name: 'Words for {{1}} if it is empty' }).fill('there');
  await page.getByRole('combobox', { name: 'Words for {{2}}' }).selectOption({ label: 'order' });
  await page.getByRole('textbox', { name: 'Words for {{2}} if it is empty' }).fill('your order');
  await page.getByRole('combobox', { name: 'Words for Track order' }).selectOption({ label: 'The same for everybody' });
  await page.getByRole('textbox', { name: 'Words for Track order, the same for everybody' }).fill('kites');
  await expect(page.getByRole('complementary', { name: 'So far' })).toContainText('{{2}}: “order” of the event, else “your order”.');
}

const runs = (page: Page) => page.getByRole('region', { name: 'Each time it started' });

test('an on-going campaign is written, tried on the past and started; an event sends its message; it is paused, resumed and changed', async ({
  page,
  request,
  product,
  simulator,
}) => {
  const [mira, noor] = [await simulator.person('Mira Lark'), await simulator.person('Noor Lark')];
  // They have written once, so that they are contacts.
  await simulator.write(mira, 'Hello');
  await simulator.write(noor, 'Hello');
  await signIn(page, product);
  for (const person of [mira, noor]) await expect(row(page, person)).toBeVisible();
  await tell(product, request, mira, 'K-1', 250);

  await newCampaign(page, 'Thanks for the kite');
  await clean(page, 'trigger');
  await chooseTrigger(page);
  await step(page, 'Audience').click();
  await expect(page.getByRole('radio', { name: 'Everyone' })).toBeChecked();
  await step(page, 'Review').click();
  await expect(page.getByText('The number it comes from is not chosen.').or(page.getByText('No template is chosen.')).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start it' })).toBeDisabled();
  await chooseMessage(page);
  await step(page, 'Test').click();
  await page.getByRole('textbox', { name: 'Phone numbers' }).fill(mira.phone);
  await page.getByRole('button', { name: 'Send test' }).click();
  await expect(page.getByText(`Sent to ${mira.phone}`)).toBeVisible();
  await step(page, 'Goals and limits').click();
  await page.getByRole('button', { name: 'Add a goal' }).click();
  await page.getByRole('textbox', { name: 'Event of goal 1' }).fill('Kite Reviewed');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  // Left and come back to: it goes on where it was, and the past is asked.
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await page.getByRole('link', { name: 'Thanks for the kite' }).click();
  await expect(page.getByRole('heading', { name: 'Read it once more' })).toBeVisible();
  await expect(page.getByText('Started once, 1 message.')).toBeVisible();
  await clean(page, 'review');
  await page.getByRole('button', { name: 'Start it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Thanks for the kite' })).toBeVisible();
  await expect(page.getByText('On', { exact: true })).toBeVisible();
  await expect(runs(page)).toContainText('Nothing has started it yet');

  // An order that is too small starts nothing; one that is not sends the message with its number.
  await tell(product, request, noor, 'K-2', 40);
  await tell(product, request, noor, 'K-3', 140);
  await expect(runs(page).getByRole('row').filter({ hasText: 'Noor Lark' })).toHaveCount(1);
  await expect(runs(page).getByRole('row').filter({ hasText: 'Noor Lark' })).toContainText('Done');
  await expect(page.getByText('1 message sent.')).toBeVisible();
  await clean(page, 'report');
  const people = page.getByRole('region', { name: 'People' });
  await people.getByRole('link', { name: 'Noor Lark' }).click();
  await expect(page.getByText('K-3').first()).toBeVisible();
  await page.goBack();

  // What happens during a pause waits.
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  await tell(product, request, mira, 'K-4', 300);
  await expect(runs(page).getByRole('row').filter({ hasText: 'Mira Lark' })).toContainText('Starting');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(runs(page).getByRole('row').filter({ hasText: 'Mira Lark' })).toContainText('Done');
  await expect(page.getByText('2 messages sent.')).toBeVisible();

  // A new version, which is asked for once more before it counts.
  await page.getByRole('link', { name: 'Edit' }).click();
  await step(page, 'Audience').click();
  await page.getByRole('radio', { name: 'Only once' }).check();
  await page.getByRole('link', { name: 'Back to the campaign' }).click();
  const sure = page.getByRole('dialog');
  await sure.getByRole('button', { name: 'Stay' }).click();
  await expect(sure).toBeHidden();
  await step(page, 'Review').click();
  await expect(page.getByRole('region', { name: 'What changes' })).toContainText('Each person gets it only once.');
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  const versions = page.getByRole('region', { name: 'Versions' });
  await expect(versions).toContainText('Version 2');
  await expect(versions).toContainText('Each person gets it only once.');
  await tell(product, request, noor, 'K-5', 500);
  await expect(runs(page).getByRole('row').filter({ hasText: 'had their turn' })).toContainText('Noor Lark');

  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop for good' }).click();
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible();
});

test('a ready-made campaign has what starts it, what it waits for and its goal', async ({ page, product }) => {
  await signIn(page, product);
  await page.goto(product.url('/campaigns?new=true'));
  const dialog = page.getByRole('dialog', { name: 'New campaign' });
  await expect(dialog.getByRole('radio', { name: 'Cart left' })).toHaveCount(0);
  await dialog.getByRole('radio', { name: 'On-going' }).check();
  await dialog.getByRole('radio', { name: 'Shipped' }).check();
  await dialog.getByRole('radio', { name: 'Cart left' }).check();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Cart left');
  await clean(page, 'new campaign');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  const soFar = page.getByRole('complementary', { name: 'So far' });
  await expect(soFar).toContainText('It starts when somebody does “checkout_started”.');
  await expect(soFar).toContainText('nothing goes out if the person does “order_placed” in that time');
  await expect(soFar).toContainText('“order_placed” within 3 days counts as a goal.');
  await expect(page.getByRole('radio', { name: 'An event' })).toBeChecked();
});
