// Every screen in light and dark: no accessibility finding, nothing wider than the window.

import type { Page } from '@playwright/test';
import { clean, expect, row, settled, signIn, test } from './product';

/** Where the page's navigation leads, without filters and without single conversations. */
async function paths(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('nav a[href]')]
      .filter((link) => link.origin === location.origin)
      .map((link) => link.pathname)
      .filter((path) => !path.startsWith('/inbox/')),
  );
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test('sign-in is clean', async ({ page, product }) => {
      await page.goto(product.url('/sign-in'));
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
      await clean(page, 'sign-in');
    });

    test('an open conversation is clean', async ({ page, product, simulator }) => {
      const lena = await simulator.person(`Lena Brandt ${scheme}`);
      await simulator.write(lena, 'Two kites, please.');
      await signIn(page, product);
      await row(page, lena).click();
      await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
      await settled(page);
      await clean(page, 'conversation');
    });

    test('every page that has a door is clean', async ({ page, product }) => {
      // As many pages as there are doors, each looked at in full.
      test.slow();
      await signIn(page, product);
      const seen = new Set<string>();
      const doors = ['/inbox'];
      for (let path = doors.pop(); path; path = doors.pop()) {
        if (seen.has(path)) continue;
        seen.add(path);
        await page.goto(product.url(path));
        await settled(page);
        await expect(page.getByText('There is nothing at this address')).toHaveCount(0);
        await clean(page, path);
        doors.push(...(await paths(page)));
      }
      expect([...seen], 'at least the inbox and the settings have doors').toContain('/inbox');
      expect(seen.size).toBeGreaterThan(1);
    });

    test('the phone is clean', async ({ page, simulator }) => {
      const omar = await simulator.person(`Omar Diallo ${scheme}`);
      await simulator.write(omar, 'Good morning');
      await simulator.phone(page, omar);
      await expect(page.getByText('Good morning').last()).toBeVisible();
      await clean(page, 'phone');
    });
  });
}
