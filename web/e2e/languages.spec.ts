// Longer words and the other direction: nothing is cut off and nothing runs out of the window.

import type { Page } from '@playwright/test';
import { expect, settled, signIn, test } from './product';

const widths = [390, 1024, 1440];
const pages = ['/contacts', '/contacts/import', '/templates', '/templates?as=gallery', '/templates/new'];
const settings = ['numbers', 'members', 'opt-out', 'api-keys', 'webhook', 'hooks', 'calls', 'dead-letters'];

const steps = ['audience', 'message', 'test', 'schedule', 'review'];
const ongoingSteps = ['trigger', 'audience', 'timing', 'message', 'test', 'limits', 'review'];

/** Campaigns with something to see in each step. */
const ongoing = {
  ongoing: {
    trigger: { event: { name: 'Order Placed', where: [{ key: 'total', is: { gte: 100 } }], from_web: true } },
    delay: { days: 1, at: '09:00' },
    unless: { event: { name: 'Order Placed' }, within_hours: 2 },
    reentry: { after_days: 7 },
    holdout_percent: 10,
  },
};
/** Always still to come. */
const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const draft = {
  audience: { all: [{ tag: 'wholesale' }, { not: { any: [{ field: { name: 'country', is: { in: ['AE', 'GB'] } } }] } }] },
  schedule: { when: 'local', date: soon, time: '10:00', quiet: { from: '21:00', to: '09:00' } },
};

/** Controls whose words do not fit and are not shortened on purpose. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, label, h1, h2, h3, [role=tab], [role=menuitem]')]
      .filter((element) => element.offsetParent !== null && element.textContent?.trim())
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
      .filter((element) => {
        const { overflowX, textOverflow, display } = getComputedStyle(element);
        return overflowX === 'hidden' && textOverflow !== 'ellipsis' && display !== 'inline';
      })
      .map((element) => `${element.tagName}: ${element.textContent?.trim()}`),
  );
}

async function fits(page: Page, name: string): Promise<void> {
  const [wide, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide, `${name}: the page is wider than the window`).toBeLessThanOrEqual(room);
  expect(await cutOff(page), `${name}: words that do not fit`).toEqual([]);
}

for (const [name, query] of [
  ['a pseudo-language', '?lang=pseudo'],
  ['right to left', '?dir=rtl'],
  ['a pseudo-language right to left', '?lang=pseudo-rtl'],
] as const) {
  for (const width of widths) {
    test(`${name} fits at ${width}`, async ({ page, request, product, simulator }) => {
      // Every page there is, one after the other.
      test.slow();
      await page.setViewportSize({ width, height: 900 });
      await simulator.write(await simulator.person('Zoë Fits'), 'Do the words fit?');
      const campaign = await product.campaign(request, 'Do the words fit?', 'festival_offer', draft);
      await page.goto(product.url(`/sign-in${query}`));
      await expect(page.locator('input[type=password]')).toBeVisible();
      await settled(page);
      await fits(page, 'sign-in');
      await signIn(page, product, query);
      if (query.includes('rtl')) await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
      await page.goto(product.url('/inbox'));
      await expect(page.locator('a[href*="/inbox/"]').first()).toBeVisible();
      await settled(page);
      await fits(page, 'inbox');
      await page.locator('a[href*="/inbox/"]').first().click();
      await expect(page.getByRole('log')).toBeVisible();
      await settled(page);
      await fits(page, 'conversation');
      const started = await product.campaign(request, 'Do these fit too?', 'festival_offer', ongoing, 'ongoing');
      const builders = [
        ...steps.map((step) => `/${campaign}/edit/${step}`),
        ...ongoingSteps.map((step) => `/${started}/edit/${step}`),
      ];
      const campaigns = ['', ...builders].map((path) => `/campaigns${path}`);
      for (const path of [...campaigns, ...pages, ...settings.map((each) => `/settings/${each}`)]) {
        await page.goto(product.url(path));
        await settled(page);
        await fits(page, path);
      }
    });
  }
}

test('every word of the inbox comes from the catalogue', async ({ page, product }) => {
  await signIn(page, product, '?lang=pseudo');
  await settled(page);
  const plain = await page.evaluate(() =>
    [...document.querySelectorAll('button, [role=tab], label, nav a, [placeholder]')]
      .filter((element) => !element.closest('a[href*="/inbox/"]'))
      .map((element) => element.getAttribute('placeholder') ?? element.getAttribute('aria-label') ?? '')
      .filter((words) => /^[A-Za-z][a-z]{3,}( [a-z]+)*$/.test(words)),
  );
  expect(plain).toEqual([]);
});
