import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type ConsoleProcess, consoleProcess } from '../../lib/local/console/index.ts';
import { stackPaths } from '../../lib/local/paths.ts';
import { openStack } from '../../lib/local/stack.ts';
import { freePorts } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, dataDir } = inject('stack');
const TOKEN = 'a-token-that-nobody-guesses';

let browser: Browser;
let folder: string;
let page: ConsoleProcess;
let url: string;

/** A second console of the tests' stack: with a token, and read-only. */
beforeAll(async () => {
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), 'qr-console-'));
  const [port = 0, second = 0] = await freePorts(2);
  const ports = { ...(await openStack({ dataDir })).ports, console: port, 'kafka-ui': second };
  process.env.QR_CONSOLE_TOKEN = TOKEN;
  process.env.QR_CONSOLE_READ_ONLY = '1';
  page = consoleProcess({ ...stackPaths(dataDir), run: folder, logs: folder }, ports, settings);
  await page.start('native');
  await until('the console answers', async () => (await page.probe(port)) === undefined);
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await page?.stop();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const status = async (path: string, init: RequestInit = {}): Promise<number> =>
  (await fetch(`${url}${path}`, init)).status;

it('asks for its token, once a browser, and shows nothing before', async () => {
  expect(await status('/api/topics')).toBe(401);
  expect(await status('/metrics')).toBe(401);
  expect(await status('/api/topics', { headers: { authorization: `Bearer ${TOKEN}` } })).toBe(200);
  expect(await status('/api/topics', { headers: { authorization: 'Bearer another-token-altogether' } })).toBe(401);

  const { page: tab } = await openPage(browser, url);
  await tab.goto('/topics');
  await tab.getByLabel('Token').fill('not the token at all');
  await tab.getByRole('button', { name: 'Open the console' }).click();
  await tab.getByText('That is not the token.').waitFor();
  await tab.getByLabel('Token').fill(TOKEN);
  await tab.getByRole('button', { name: 'Open the console' }).click();
  await tab.getByRole('row', { name: 'audit-logs' }).waitFor();
  await tab.reload();
  await tab.getByRole('row', { name: 'audit-logs' }).waitFor();
});

it('read-only offers no change in any view, and the server refuses each', async () => {
  const { page: tab } = await openPage(browser, url, { extraHTTPHeaders: { authorization: `Bearer ${TOKEN}` } });
  const offers = /^(Create|Delete|Send|Demo batch|Reset|Put back|Park|Discard|Edit|Pause|Resume|Restart)/;
  for (const path of [
    '/topics/audit-logs',
    '/messages/audit-logs',
    '/groups',
    '/dead-letters',
    '/connectors',
    '/batches',
  ]) {
    await tab.goto(path);
    await tab.locator('tbody tr:not(.awaited), .empty').first().waitFor();
    expect([path, await tab.getByRole('button', { name: offers }).allTextContents()]).toEqual([path, []]);
  }
  const { csrf }: { csrf: string } = JSON.parse(
    (await tab.evaluate(`fetch('/api/session').then((a) => a.text())`)) ?? '',
  );
  const asked = await fetch(`${url}/api/topics`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'x-qr-csrf': csrf, origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'never-made', partitions: 1, retentionMs: 1_000 }),
  });
  expect([asked.status, await asked.json()]).toEqual([403, expect.objectContaining({ code: 'REFUSED' })]);
});
