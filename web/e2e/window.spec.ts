// The service window: open while the customer wrote within 24 hours, closed after, templates only.
// The clock of both sides goes forward here, so this file comes last.

import { bubble, expect, row, signIn, test, thread } from './product';

interface Template {
  name: string;
  language: string;
  category: string;
  status: string;
  components: { type: string; format?: string; text?: string }[];
}

test('a closed window turns the composer into the template picker, and the template arrives', async ({
  page,
  context,
  product,
  simulator,
}) => {
  const noor = await simulator.person('Noor Haddad');
  await simulator.write(noor, 'Has my parcel left?');
  await signIn(page, product);
  await row(page, noor).click();
  await expect(bubble(page, 'Has my parcel left?')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();

  await simulator.advance(25);
  await page.reload();
  await expect(page.getByText('Only an approved template may be sent')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toHaveCount(0);

  const { data } = await simulator.ask<{ data: Template[] }>('templates');
  const template = data.find(isPlain);
  if (!template) throw new Error('the simulator has no approved utility template of text alone');
  const picker = page.getByRole('main');
  await picker.getByRole('textbox', { name: 'Search templates' }).fill(template.name);
  await picker.getByText(template.name).first().click();
  // The fields are drawn together with the button.
  const send = picker.getByRole('button', { name: 'Send template' });
  await expect(send).toBeVisible();
  for (const field of await picker.getByRole('textbox', { name: /^Text / }).all()) await field.fill('Friday');
  await send.click();
  await expect(thread(page).getByRole('article').last().getByRole('img', { name: 'Delivered' })).toBeVisible();

  const phone = await context.newPage();
  await simulator.phone(phone, noor);
  const words = fixedWords(template);
  await expect(phone.getByText(words).last()).toBeVisible();

  // An answer opens the window again.
  const held = phone.getByRole('textbox', { name: 'Message' });
  await held.fill('Thank you!');
  await held.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
});

/** Approved, and nothing but text in it. */
function isPlain({ status, category, language, components }: Template): boolean {
  return (
    status.toLowerCase() === 'approved' &&
    category.toLowerCase() === 'utility' &&
    language.startsWith('en') &&
    components.every(({ type, format }) => type.toLowerCase() !== 'header' || format?.toLowerCase() === 'text')
  );
}

/** The longest part of the body between its variables. */
function fixedWords({ components }: Template): string {
  const body = components.find(({ type }) => type.toLowerCase() === 'body')?.text ?? '';
  const parts = body.split(/\{\{[^}]+\}\}|[*_~\n]/).map((part) => part.trim());
  return parts.toSorted((one, other) => other.length - one.length)[0] ?? '';
}
