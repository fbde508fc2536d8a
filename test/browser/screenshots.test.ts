import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openPublisher } from '../../lib/events/index.ts';
import { cliWith } from '../support/cli.ts';
import { mixedLetters } from '../support/mixed-letters.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, dataDir, consoleUrl } = inject('stack');
const areWanted = process.env.QR_SCREENSHOTS === '1';
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

/** What is kept. */
const VIEWS = {
  overview: { path: '/overview', height: 960 },
  topic: { path: '/topics/analytics-events', height: 620 },
  messages: { path: '/messages/analytics-events', height: 560 },
  batches: { path: '/batches', height: 560 },
  groups: { path: '/groups', height: 560 },
  'dead-letters': { path: '/dead-letters', height: 420 },
  schema: { path: '/schemas/qr.scanned', height: 620 },
  connectors: { path: '/connectors', height: 420 },
  redis: { path: '/redis?key=updates:demo-user', height: 620 },
} as const;

/** A stack that has been up for a moment has nothing to show. */
const work = async (): Promise<void> => {
  const cli = cliWith({ QR_DATA_DIR: dataDir });
  await cli.json('demo', '--items', '2000');
  await cli.json('simulate', '--rate', '40', '--minutes', '1');
  const publisher = openPublisher(settings);
  const { queue } = await mixedLetters(24, publisher);
  await publisher.publishRaw(queue).finally(() => publisher.close());
};

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  await mkdir(FOLDER, { recursive: true });
  if (areWanted) await work();
}, 300_000);
afterAll(() => browser?.close());

// They are part of the repository: taken only when they are wanted, with QR_SCREENSHOTS=1.
it
  .skipIf(!areWanted)
  .each(
    Object.entries(VIEWS).flatMap(([name, view]) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ name, ...view, colorScheme })),
    ),
  )('$name in $colorScheme', async ({ name, path, height, colorScheme }) => {
  const { page } = await openPage(browser, consoleUrl, { colorScheme, viewport: { width: 1160, height } });
  await page.goto(path);
  await page.locator('tbody tr:not(.awaited)').first().waitFor();
  await page.locator('.bone').first().waitFor({ state: 'detached' });
  const file = join(FOLDER, `${name}-${colorScheme}.png`);
  await page.screenshot({ path: file });
  expect((await stat(file)).size).toBeLessThan(200_000);
});
