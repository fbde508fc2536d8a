import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { openStack } from '../../lib/local/stack.ts';
import { openWorker } from '../../lib/operations/connectors/index.ts';
import { BROKEN } from '../support/broken-connector.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

const { consoleUrl, dataDir } = inject('stack');
const { ports } = await openStack({ dataDir });
const worker = openWorker(connectPlaces(ports).connectUrl);
const NAME = 'browser-broken';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  await worker.put(NAME, BROKEN);
});
afterAll(async () => {
  await browser?.close();
  await worker.delete(NAME);
});

const stateOf = async (name: string) => (await worker.connectors())[name]?.status.connector.state;

it('a connector is paused, once that is agreed to, and resumed', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/connectors');
  const row = page.getByRole('row', { name: 'outbox' });
  await row.getByText('running').waitFor();
  expect(await row.getByRole('cell').nth(4).textContent()).toMatch(/^[\d.]+ (B|KB|MB)$/);
  await row.click();
  const drawer = page.getByRole('dialog', { name: 'outbox', exact: true });
  await drawer.getByRole('button', { name: 'Pause' }).click();
  const asked = page.getByRole('dialog', { name: 'Pause outbox?' });
  await asked.getByText('PostgreSQL keeps its log').waitFor();
  expect(await stateOf('outbox')).toBe('RUNNING');
  await asked.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('outbox is being paused.').waitFor();
  await drawer.getByText('paused').first().waitFor();
  expect(await stateOf('outbox')).toBe('PAUSED');
  await drawer.getByRole('button', { name: 'Resume' }).click();
  await drawer.getByText('running').first().waitFor();
  await until('it goes on', async () => (await stateOf('outbox')) === 'RUNNING');
  expect(faults).toEqual([]);
});

it('why a task has failed is in one line, its trace in full where it is asked for, and it is started again', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/connectors');
  const row = page.getByRole('row', { name: NAME });
  await row.getByText('failed').waitFor();
  const why = (await row.getByRole('cell').last().textContent()) ?? '';
  expect(why).toMatch(/\((\w+)(Exception|Error)\)$/);
  await row.getByRole('link', { name: NAME }).click();
  const drawer = page.getByRole('dialog', { name: NAME });
  await drawer.getByText(why).waitFor();
  const trace = drawer.getByText(/^\s*at [\w.]+/m).first();
  expect(await trace.isVisible()).toBe(false);
  await drawer.getByText('The whole trace').click();
  expect(await trace.isVisible()).toBe(true);
  await drawer.getByRole('button', { name: 'Restart what has failed' }).click();
  await page.getByText(`${NAME} starts again what has failed.`).waitFor();
  expect(faults).toEqual([]);
});

it('a stack without Connect says how to start it', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await page.route('**/api/connectors', (route) =>
    route.fulfill({ json: { isPart: false, connectors: [], slotFault: null } }),
  );
  await page.goto('/connectors');
  await page.getByText('This stack runs without Kafka Connect.').waitFor();
  await page.getByText('./stream-manager.sh start --with connect').waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
});

it('a read-only console offers no change of a connector, and still checks a schema', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await page.route('**/api/session', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), readOnly: true } });
  });
  await page.goto('/connectors/outbox');
  await page.getByRole('dialog').getByText('Task 0').waitFor();
  await page.getByRole('complementary').getByText('read-only').waitFor({ state: 'attached' });
  for (const name of ['Pause', 'Resume', /^Restart/]) {
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  }
  await page.goto('/schemas/qr.scanned?show=check');
  await page.getByRole('button', { name: 'Check' }).waitFor();
});
