import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { sendTestMessages } from '../../lib/operations/test-message.ts';
import { createTopic, deleteTopic } from '../../lib/operations/topics.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, consoleUrl } = inject('stack');
const TOPIC = `browser-${randomUUID().slice(0, 8)}`;
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  await withAdmin(settings, (admin) => createTopic(admin, { name: TOPIC, partitions: 2, retentionMs: 3_600_000 }));
});
afterAll(async () => {
  await browser?.close();
  await withAdmin(settings, (admin) => deleteTopic(admin, TOPIC)).catch(() => undefined);
});

const widthOf = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth');
const backgroundOf = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');

it('a batch is requested, its bar moves without a reload, its codes are shown and its zip is there', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/batches');
  // Kept in the document: a reload would lose it.
  await page.evaluate(`
    window.seen = new Set();
    new MutationObserver(() => {
      for (const bar of document.querySelectorAll('.progress span')) window.seen.add(bar.textContent);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
  await page.getByRole('button', { name: 'Demo batch' }).click();
  await page.getByLabel('Codes').fill('10000');
  await page.getByRole('button', { name: 'Request it' }).click();
  const said = await page.getByText(/^Batch demo-\S+ is requested/).textContent();
  const id = /demo-\S+/.exec(said ?? '')?.[0] ?? '';
  const bar = page.getByRole('progressbar', { name: `Progress of ${id}` });
  await bar.waitFor();
  await page.getByRole('row', { name: id }).getByText('10,000 of 10,000').waitFor();
  expect(await bar.evaluate((element) => element.getAttribute('value'))).toBe('10000');
  const seen: readonly string[] = await page.evaluate('[...window.seen]');
  expect(seen).toContain('10,000 of 10,000');
  expect(seen.filter((text) => text.endsWith(' of 10,000')).length).toBeGreaterThan(1);
  await page.getByRole('row', { name: id }).click();
  await page
    .getByRole('img', { name: /^Code / })
    .first()
    .waitFor();
  const link = page.getByRole('link', { name: 'Download the zip' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe(`${id}.zip`);
  expect(await download.failure()).toBeNull();
  expect(faults).toEqual([]);
});

it('a message is sent, with what is wrong said at its field, and appears in the list', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await page.goto('/messages/analytics-events');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByLabel('JSON').fill('{"action":"scan"}');
  const send = page.getByRole('dialog').getByRole('button', { name: 'Send' });
  await send.click();
  await page
    .locator('.field.wrong')
    .getByText(/userId|payload/)
    .waitFor();
  const qrId = `qr-${randomUUID()}`;
  await page.getByLabel('JSON').fill(JSON.stringify({ userId: 'browser', action: 'scan', qrId }));
  await send.click();
  await page.getByRole('cell', { name: qrId }).first().waitFor();
  await page.getByRole('cell', { name: qrId }).first().click();
  await page.getByRole('region', { name: 'Value' }).getByText(qrId).first().waitFor();
});

it('a hostile key, value and header stay text, in the list, in the details and in a search', async () => {
  const message = {
    topic: TOPIC,
    json: JSON.stringify({ note: HOSTILE }),
    key: HOSTILE,
    headers: { [HOSTILE]: HOSTILE },
  };
  await sendTestMessages(settings, [message]);
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto(`/messages/${TOPIC}?search=${encodeURIComponent(HOSTILE)}&place=key`);
  await page.getByRole('cell', { name: HOSTILE }).first().click();
  await page.getByRole('table').getByText(HOSTILE).first().waitFor();
  await page.getByRole('dialog').getByText('onerror').first().waitFor();
  await page.goto(`/topics/${encodeURIComponent(HOSTILE)}`);
  await page.getByText(`There is no topic ${HOSTILE}`).waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('img[src=x], main script').count()).toBe(0);
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
});

it('a topic is created and, once its name is typed, deleted', async () => {
  const name = `made-${randomUUID().slice(0, 8)}`;
  const { page } = await openPage(browser, consoleUrl);
  await page.goto('/topics');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByLabel('Name').fill('not a name');
  const create = page.getByRole('dialog').getByRole('button', { name: 'Create' });
  await create.click();
  await page.getByText('letters, digits').last().waitFor();
  await page.getByLabel('Name').fill(name);
  await create.click();
  await page.getByRole('button', { name: 'Delete the topic' }).click();
  const sure = page.getByRole('dialog', { name: `Delete ${name}?` }).getByRole('button', { name: 'Delete' });
  expect(await sure.isDisabled()).toBe(true);
  await page.getByLabel('Type its name').fill(name);
  await sure.click();
  await page.getByText(`Topic ${name} is deleted`).waitFor();
});

it('the overview is live: services, charts and the figures of topics', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Services' }).getByText('console').waitFor();
  await page.getByRole('img', { name: /^Throughput: published/ }).waitFor();
  await page.getByRole('row', { name: 'analytics-events' }).click();
  await page.getByRole('button', { name: 'All topics' }).waitFor();
  expect(new URL(page.url()).searchParams.get('topic')).toBe('analytics-events');
  expect(faults).toEqual([]);
});

it('everything can be reached by keyboard: views, the search, a row, the help and back', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('row', { name: 'audit-logs' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('audit');
  expect(await page.getByRole('row').count()).toBe(2);
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: 'audit-logs' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'audit-logs' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
});

it('is dark where the system is, and as chosen after that', async () => {
  const { page } = await openPage(browser, consoleUrl, { colorScheme: 'dark' });
  await page.goto('/topics');
  const dark = await backgroundOf(page);
  await page.getByRole('button', { name: 'Light or dark' }).click();
  const light = await backgroundOf(page);
  expect([dark, light]).toEqual(['rgb(13, 18, 20)', 'rgb(243, 245, 246)']);
  await page.reload();
  expect(await backgroundOf(page)).toBe(light);
});

it('fits a screen of 360 pixels', async () => {
  const { page } = await openPage(browser, consoleUrl, { viewport: { width: 360, height: 700 } });
  for (const path of ['/overview', '/topics', '/topics/analytics-events', '/messages/analytics-events', '/batches']) {
    await page.goto(path);
    await page.locator('tbody tr:not(.awaited), .empty').first().waitFor();
    expect([path, await widthOf(page)]).toEqual([path, 360]);
  }
  await page.goto('/topics');
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Batches' }).click();
  await page.getByRole('heading', { name: 'Batches' }).waitFor();
});
