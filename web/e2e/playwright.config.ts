import { defineConfig, devices } from '@playwright/test';

// The browser is the system's own, and each worker starts the real binary for itself: see product.ts.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Two cores: a second browser beside the server would only make both slower.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    channel: undefined,
    launchOptions: {
      executablePath: process.env.WIGWAG_CHROMIUM || '/usr/bin/chromium',
      // There is no GPU: one that is imitated costs a third of a core. Root has no user namespace to build
      // Chromium's sandbox in.
      args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
  },
});
