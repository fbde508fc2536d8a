import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openBrowser, openPage } from './browser.ts';

const { consoleUrl } = inject('stack');
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

/** What is kept, by the path of its view. */
const VIEWS = {
  overview: '/overview',
  topic: '/topics/analytics-events',
  messages: '/messages/analytics-events',
  batches: '/batches',
} as const;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  await mkdir(FOLDER, { recursive: true });
});
afterAll(() => browser?.close());

// They are part of the repository: taken only when they are wanted, with QR_SCREENSHOTS=1.
it
  .skipIf(process.env.QR_SCREENSHOTS !== '1')
  .each(
    Object.entries(VIEWS).flatMap(([name, path]) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ name, path, colorScheme })),
    ),
  )('$name in $colorScheme', async ({ name, path, colorScheme }) => {
  const { page } = await openPage(browser, consoleUrl, { colorScheme });
  await page.goto(path);
  await page.locator('tbody tr:not(.awaited)').first().waitFor();
  await page.locator('.awaited').first().waitFor({ state: 'detached' });
  const file = join(FOLDER, `${name}-${colorScheme}.png`);
  await page.screenshot({ path: file });
  expect((await stat(file)).size).toBeLessThan(150_000);
});
