import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openRedis } from '../../lib/stores/redis.ts';
import { appendUpdate, NUDGES_KEY, updatesKey } from '../../lib/stores/updates.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, consoleUrl } = inject('stack');
const USER = `browser-${randomUUID().slice(0, 8)}`;
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const HOSTILE_KEY = `${USER}/../${HOSTILE}?#%`;
const redis = openRedis(settings);

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  for (let i = 0; i < 60; i += 1) {
    await appendUpdate(redis, { userId: USER, type: 'batch.told', id: `told-${i}`, data: { i, note: HOSTILE } });
  }
  await redis.xadd(HOSTILE_KEY, '*', HOSTILE, HOSTILE);
  await redis.xgroup('CREATE', HOSTILE_KEY, HOSTILE, '0');
});
afterAll(async () => {
  await browser?.close();
  await redis.unlink(updatesKey(USER));
  await redis.unlink(HOSTILE_KEY);
  redis.disconnect();
});

it('the stream of a user is found by the id, its entries are read newest first, page by page', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  const streams = page.getByRole('region', { name: 'Redis streams' });
  await streams.getByRole('row', { name: NUDGES_KEY }).waitFor();
  await page.getByRole('region', { name: 'Memory', exact: true }).getByText('noeviction').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(USER);
  await page.keyboard.press('Enter');
  await streams
    .getByRole('row', { name: updatesKey(USER) })
    .getByText('60', { exact: true })
    .waitFor();
  await page.getByText(/^(All|Stopped after) [\d,]+ /).waitFor();
  await streams.getByRole('row', { name: updatesKey(USER) }).click();
  const entries = page.getByRole('dialog').getByRole('region', { name: 'Entries' });
  await entries.getByText('told-59').waitFor();
  expect(await entries.getByRole('row').count()).toBe(51);
  await page.getByRole('button', { name: 'Older' }).click();
  await entries.getByText('told-9 ').waitFor();
  expect(await entries.getByRole('row').count()).toBe(11);
  await page.goBack();
  await entries.getByText('told-59').click();
  await page.getByRole('region', { name: 'data' }).getByText('"i"').waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(faults).toEqual([]);
});

it('a hostile key, group, field and value stay text, and lead nowhere else', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto(`/redis?match=${encodeURIComponent(HOSTILE_KEY)}`);
  await page.getByRole('link', { name: HOSTILE_KEY }).click();
  const drawer = page.getByRole('dialog', { name: HOSTILE_KEY });
  await drawer.getByRole('region', { name: 'Groups' }).getByText(HOSTILE).waitFor();
  await drawer.getByRole('region', { name: 'Entries' }).getByText(HOSTILE).click();
  const entry = page.getByRole('dialog', { name: /^Entry \d+-\d+$/ });
  await entry.getByRole('heading', { name: HOSTILE }).waitFor();
  await entry.locator('pre').getByText(HOSTILE).waitFor();
  await page.goto('/redis?key=nothing%20there');
  await page.getByText('There is no Redis stream nothing there.').first().waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('img[src=x], main script').count()).toBe(0);
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
});

it('fits a screen of 375 pixels, as the views of schemas and connectors do', async () => {
  const { page } = await openPage(browser, consoleUrl, { viewport: { width: 375, height: 700 } });
  const paths = ['/redis', `/redis?key=${updatesKey(USER)}`, '/schemas', '/schemas/qr.scanned', '/connectors/outbox'];
  for (const path of paths) {
    await page.goto(path);
    await page.locator('tbody tr:not(.awaited), .empty').first().waitFor();
    expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 375]);
  }
});
