// Contacts: many are tagged at a time and that is taken back; people go out as a file; through the real binary.

import { readFile } from 'node:fs/promises';
import type { APIRequestContext, Page } from '@playwright/test';
import { clean, expect, type Product, signIn, test } from './product';

const people = (page: Page) => page.getByRole('table', { name: 'Contacts' });
const personRow = (page: Page, name: string) => people(page).getByRole('row').filter({ hasText: name });
const bar = (page: Page) => page.getByRole('region', { name: 'What to do with those selected' });

/** How many were told of so far: each has a number of their own. */
let told = 0;

async function tell(product: Product, request: APIRequestContext, tag: string, names: string[]): Promise<void> {
  for (const name of names) {
    told += 1;
    const phone = `+9174209${String(told).padStart(5, '0')}`;
    await product.ask(request, 'POST', '/contacts', { name, phone, tags: [tag] });
  }
}

async function open(page: Page, product: Product, tag: string): Promise<void> {
  await signIn(page, product);
  const filter = encodeURIComponent(JSON.stringify({ tag }));
  await page.goto(product.url(`/contacts?filter=${filter}`));
  await expect(people(page).getByRole('link').first()).toBeVisible();
}

test('many are tagged at a time, and only they lose the tag again', async ({ page, request, product }) => {
  await tell(product, request, 'harbour', ['Ada Quay', 'Bo Quay', 'Cy Quay']);
  await open(page, product, 'harbour');
  await personRow(page, 'Ada Quay').getByRole('checkbox').check();
  await expect(bar(page)).toContainText('1 selected');
  await bar(page).getByRole('button', { name: 'Select all 3 people' }).click();
  await expect(bar(page)).toContainText('3 selected');
  await clean(page, 'selected');
  // One of them is left out by hand.
  await personRow(page, 'Cy Quay').getByRole('checkbox').uncheck();
  await bar(page).getByRole('button', { name: 'Add tags' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add tags to 2 people' });
  const tag = dialog.getByRole('textbox');
  await tag.fill('regatta');
  await tag.press('Enter');
  await dialog.getByRole('button', { name: 'Add to 2 people' }).click();
  await expect(page.getByText('2 people were tagged.')).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  await expect(personRow(page, 'Ada Quay')).toContainText('regatta');
  await expect(personRow(page, 'Bo Quay')).toContainText('regatta');
  await expect(personRow(page, 'Cy Quay')).not.toContainText('regatta');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back for 2 people.')).toBeVisible();
  await expect(personRow(page, 'Ada Quay')).not.toContainText('regatta');
  await expect(personRow(page, 'Ada Quay')).toContainText('harbour');
});

test('the people of a filter go out as a file that says what its columns are', async ({ page, request, product }) => {
  await tell(product, request, 'lighthouse', ['Dee, "the lamp"', '=Eve']);
  await open(page, product, 'lighthouse');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('contacts.csv');
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n').filter(Boolean);
  expect(lines[0]).toMatch(/^\uFEFFphone,name,profile_name,email,tags,external_id,consent:marketing/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('"Dee, ""the lamp"""');
  expect(lines[2]).toContain("'=Eve");
});

test('somebody is erased only after a question, and is gone from the list', async ({ page, request, product }) => {
  await tell(product, request, 'buoyant', ['Fay Buoy', 'Gil Buoy']);
  await open(page, product, 'buoyant');
  await personRow(page, 'Fay Buoy').getByRole('checkbox').check();
  await bar(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Erase' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase 1 person for good?' });
  await expect(dialog).toContainText('This cannot be undone.');
  await dialog.getByRole('button', { name: 'Erase 1 person' }).click();
  await expect(page.getByText('1 person was erased.')).toBeVisible();
  await expect(personRow(page, 'Fay Buoy')).toHaveCount(0);
  await expect(personRow(page, 'Gil Buoy')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
});

test('two records of one person become one, after a look at what comes of it', async ({ page, request, product }) => {
  const made = await Promise.all(
    [
      { name: 'Hal Quay', phone: '+917420055501', email: 'hal@quay.example', tags: ['moored', 'wholesale'] },
      { name: 'H. Quay', phone: '+442079460911', email: 'Hal@Quay.example', tags: ['moored', 'fair'] },
    ].map((each) => product.ask<{ id: string }>(request, 'POST', '/contacts', each)),
  );
  await open(page, product, 'moored');
  await personRow(page, 'Hal Quay').getByRole('link').click();
  const panel = page.getByRole('complementary', { name: 'Contact' });
  await panel.getByRole('button', { name: 'More about this person' }).click();
  await page.getByRole('menuitem', { name: 'Merge with…' }).click();
  const choosing = page.getByRole('dialog', { name: 'Merge with whom?' });
  const likely = choosing.getByRole('region', { name: 'Likely the same person' });
  await expect(likely.getByRole('button')).toContainText('Same email address');
  await clean(page, 'merge with whom');
  await likely.getByRole('button', { name: 'H. Quay' }).click();
  const asking = page.getByRole('dialog', { name: 'Merge with H. Quay?' });
  await expect(asking).toContainText('It cannot be undone.');
  for (const tag of ['wholesale', 'fair']) await expect(asking).toContainText(tag);
  await clean(page, 'what comes of it');
  await asking.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText('Both are one contact now.')).toBeVisible();
  await expect(panel).toContainText('fair');
  await expect(personRow(page, 'H. Quay')).toHaveCount(0);
  await expect(personRow(page, 'Hal Quay')).toBeVisible();
  // Whoever holds the other's address still arrives.
  const [kept, other] = await Promise.all(
    made.map(({ id }) => product.ask<{ id: string; tags: string[] }>(request, 'GET', `/contacts/${id}`)),
  );
  expect(other?.id).toBe(kept?.id);
  expect(kept?.tags.toSorted()).toEqual(['fair', 'moored', 'wholesale']);
});
