import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { describeGroup } from '../../lib/operations/groups.ts';
import { applyReset } from '../../lib/operations/offsets.ts';
import { sendTestMessages } from '../../lib/operations/test-message.ts';
import { createTopic, deleteTopic } from '../../lib/operations/topics.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, consoleUrl } = inject('stack');
const TOPIC = `browser-groups-${randomUUID().slice(0, 8)}`;
const GROUP = `${TOPIC}-readers`;
const ACTIVE = 'Group analytics-processors is active (Stable, 1 member).';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  await withAdmin(settings, (admin) => createTopic(admin, { name: TOPIC, partitions: 2, retentionMs: 3_600_000 }));
  await sendTestMessages(
    settings,
    Array.from({ length: 20 }, (_, i) => ({ topic: TOPIC, json: `{"n":${i}}`, key: `key-${i}`, headers: {} })),
  );
  // A group that has committed, and left.
  const steps = [0, 1].map((partition) => ({ partition, from: null, to: 1, change: 0, note: null }));
  await applyReset(settings, { group: GROUP, topic: TOPIC, state: 'none', members: 0, steps });
});
afterAll(async () => {
  await browser?.close();
  await withAdmin(settings, async (admin) => {
    await admin.deleteGroups([GROUP]);
    await deleteTopic(admin, TOPIC);
  }).catch(() => undefined);
});

const offsetsOf = async (group: string, topic: string): Promise<readonly (number | null)[]> => {
  const { partitionDetails } = await withAdmin(settings, (admin) => describeGroup(admin, group));
  return partitionDetails.filter((each) => each.topic === topic).map(({ committed }) => committed);
};

const planned = async (page: Page, group: string, where: string, more: Record<string, string> = {}): Promise<void> => {
  await page.goto(`/groups/${group}`);
  await page.getByRole('button', { name: 'Reset offsets' }).click();
  await page.getByLabel('Where to').selectOption(where);
  for (const [name, value] of Object.entries(more)) await page.getByRole('textbox', { name }).fill(value);
  await page.getByRole('button', { name: 'Show the plan' }).click();
};

it('groups are listed with state, members and lag, sorted and found; one tells its partitions and its lag in time', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  const row = page.getByRole('row', { name: GROUP });
  await row.getByText('18', { exact: true }).waitFor();
  await row.getByText('Empty').waitFor();
  await page.getByLabel('Order').selectOption('By name');
  const names = await page.getByRole('row').getByRole('link').allTextContents();
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
  await page.keyboard.press('Tab');
  await page.keyboard.press('/');
  await page.keyboard.type(TOPIC.toUpperCase());
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await row.click();
  const partitions = page.getByRole('region', { name: `Partitions of ${GROUP}` });
  await partitions.locator('tbody tr:not(.awaited)').first().waitFor();
  const { partitionDetails } = await withAdmin(settings, (admin) => describeGroup(admin, GROUP));
  for (const { partition, end, lag } of partitionDetails) {
    const cells = await partitions
      .getByRole('row')
      .nth(partition + 1)
      .getByRole('cell')
      .allTextContents();
    expect(cells.slice(0, 4)).toEqual([String(partition), '1', String(end), String(lag)]);
    expect(cells[4]).toMatch(/^[\d.]+ (ms|s|min)$/);
  }
  await page.getByText('Nobody is connected.').waitFor();
  expect(faults).toEqual([]);
});

it('offsets are reset after the plan is seen, in all partitions or in some; what is wrong is said at its field', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await planned(page, GROUP, 'to-offset', { Value: 'three' });
  await page.locator('.field.wrong').getByText('"three" is no offset').waitFor();
  await page.getByLabel('Value').fill('3');
  await page.getByRole('textbox', { name: 'Partitions' }).fill('1');
  await page.getByRole('button', { name: 'Show the plan' }).click();
  const plan = page.getByRole('region', { name: `Plan for ${GROUP}` });
  await plan.waitFor();
  expect(await plan.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual(['1', '1', '3', '+2', '']);
  expect(await offsetsOf(GROUP, TOPIC)).toEqual([1, 1]);
  await page.getByRole('button', { name: 'Move it in 1 partition' }).click();
  await page.getByText(`${GROUP} continues at the new offsets of ${TOPIC}: 2 messages skipped.`).waitFor();
  expect(await offsetsOf(GROUP, TOPIC)).toEqual([1, 3]);

  await planned(page, GROUP, 'by-duration', { Value: '2h' });
  await plan.getByRole('row').nth(2).getByText('−3', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Move it in 2 partitions' }).click();
  await page.getByText(`${GROUP} continues at the new offsets of ${TOPIC}: 4 messages again.`).waitFor();
  expect(await offsetsOf(GROUP, TOPIC)).toEqual([0, 0]);

  await planned(page, GROUP, 'to-earliest');
  expect(await page.getByRole('button', { name: 'Nothing to change' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Show the plan' }).waitFor();
  expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
});

it('an active group is refused with the sentence of the command line, unless its function is paused for the time', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await planned(page, 'analytics-processors', 'to-latest');
  await page.getByRole('alert').getByText(ACTIVE).waitFor();
  expect(await page.getByRole('button', { name: /^Move it in/ }).isDisabled()).toBe(true);
  const { csrf } = await (await page.request.get('/api/session')).json();
  const answer = await page.request.post('/api/groups/analytics-processors/reset', {
    headers: { 'x-qr-csrf': csrf },
    data: { topic: 'analytics-events', where: 'to-latest' },
  });
  expect([answer.status(), (await answer.json()).error]).toEqual([409, ACTIVE]);

  const [group, topic] = ['content-publishers', 'content-publishing'];
  const payload = { contentId: randomUUID(), userId: 'browser', actorId: 'browser', version: 1 };
  const message = { topic, json: JSON.stringify(payload), headers: { 'event-type': 'content.submitted' } };
  const [sent] = await sendTestMessages(settings, [{ ...message, key: undefined }]);
  const isRead = (): Promise<boolean> =>
    withAdmin(settings, async (admin) => {
      const { state, partitionDetails } = await describeGroup(admin, group);
      const committed = partitionDetails.find(({ partition }) => partition === sent?.partition)?.committed ?? 0;
      return state === 'Stable' && committed > (sent?.offset ?? 0);
    });
  await until('it is read', isRead);
  await planned(page, group, 'shift-by', { Value: '-1', Partitions: String(sent?.partition) });
  await page.getByLabel('Pause the local function').check();
  await page.getByRole('button', { name: 'Move it in 1 partition' }).click();
  await page.getByText(`${group} continues at the new offsets of ${topic}: 1 message again.`).waitFor();
  await until('its function goes on, and reads it again', isRead);
});

it('a read-only console offers no reset', async () => {
  const { page } = await openPage(browser, consoleUrl);
  await page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), readOnly: true } });
  });
  await page.goto(`/groups/${GROUP}`);
  await page.getByText('Nobody is connected.').waitFor();
  expect(await page.getByRole('button', { name: 'Reset offsets' }).count()).toBe(0);
});

it('fits a screen of 375 pixels', async () => {
  const { page } = await openPage(browser, consoleUrl, { viewport: { width: 375, height: 700 } });
  for (const path of ['/groups', `/groups/${GROUP}`]) {
    await page.goto(path);
    await page.locator('tbody tr:not(.awaited)').first().waitFor();
    expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 375]);
  }
});
