import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { totalKey } from '../../handlers/analytics-events/keys.ts';
import { PermanentError } from '../../lib/errors.ts';
import { deadLetter, eventOf, openPublisher, type RawRecord, recordOf } from '../../lib/events/index.ts';
import { findLetters, type LetterFilter } from '../../lib/operations/dead-letters/index.ts';
import { type Letter, readLetter } from '../../lib/stores/dead-letters/index.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { mixedLetters } from '../support/mixed-letters.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, consoleUrl } = inject('stack');
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const SHAPES = ['our consumers', 'Lambda, on failure', 'Lambda, on failure', 'Kafka Connect'] as const;

const publisher = openPublisher(settings);
const redis = openRedis(settings);
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  redis.disconnect();
  await publisher.close();
});

const scansOf = async (qrId: string): Promise<number> =>
  Number(await redis.hget(totalKey({ kind: 'code', id: qrId }), 'scans'));

/** Letters are filed by the consumer of the queue. */
const filed = (filter: LetterFilter, count: number): Promise<readonly Letter[]> =>
  until(`${count} letters are filed`, async () => {
    const letters = await findLetters(redis, filter);
    return letters.length >= count ? letters : undefined;
  });

/** A record that its consumer gives up. */
const badScan = async (payload: object): Promise<Letter> => {
  const qrId = randomUUID();
  const value = Buffer.from(JSON.stringify({ qrId, ...payload }));
  const headers = [['event-type', Buffer.from('qr.scanned')]] as const;
  const [place] = await publisher.publishRaw([{ topic: 'analytics-events', key: Buffer.from(qrId), value, headers }]);
  if (place === undefined) throw new Error('it was not published');
  const id = `analytics-events-${place.partition}-${place.offset}`;
  return until('it is filed', () => readLetter(redis, id));
};

/** Letters of valid scans that somebody called `consumer` has given up. */
const givenUp = async (consumer: string, count: number): Promise<{ qrId: string; letters: readonly Letter[] }> => {
  const qrId = randomUUID();
  const now = new Date().toISOString();
  const history = { attempts: 1, firstFailure: now, lastFailure: now };
  const first = Math.floor(Math.random() * 1e12);
  const queue = await Promise.all(
    Array.from({ length: count }, async (_, i): Promise<RawRecord> => {
      const event = eventOf('qr.scanned', { qrId, userId: 'browser', action: 'scan' }, { source: 'test' });
      const record = { ...(await recordOf(publisher.codec, event)), partition: 0, offset: first + i, timestamp: 0 };
      return deadLetter(record, consumer, new PermanentError('RULE_VIOLATED', 'Not yet.'), history);
    }),
  );
  await publisher.publishRaw(queue);
  return { qrId, letters: await filed({ consumer }, count) };
};

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

it('a record its consumer gave up is inspected, edited with what is wrong said at its field, put back, and takes effect', async () => {
  const letter = await badScan({ action: 'scan' });
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('region', { name: 'Dead letters by reason' }).waitFor();
  await page.getByLabel('Topic').fill('analytics-events');
  await page.getByLabel('Topic').press('Enter');
  await page.getByRole('row', { name: /analytics-events INVALID_EVENT/ }).click();
  await page.getByRole('row', { name: letter.id }).click();
  const drawer = dialog(page, letter.id);
  await drawer.getByText(letter.message).first().waitFor();
  await drawer.getByText('our consumers').waitFor();
  await drawer.getByRole('region', { name: 'Record', exact: true }).getByText('"action"').waitFor();
  await drawer.getByRole('row', { name: 'event-type qr.scanned' }).waitFor();
  await drawer.getByRole('region', { name: 'History' }).getByText('failed: INVALID_EVENT').waitFor();

  await drawer.getByRole('button', { name: 'Edit and put back' }).click();
  const edit = dialog(page, `Edit ${letter.id}`);
  const payload: { qrId: string } = JSON.parse(await edit.getByLabel('Payload').inputValue());
  const check = edit.getByRole('button', { name: 'Check it' });
  await edit.getByLabel('Payload').fill('{');
  await check.click();
  await edit.locator('.field.wrong .hint').waitFor();
  await edit.getByLabel('Payload').fill(JSON.stringify({ ...payload, userId: 7 }));
  await check.click();
  await edit
    .locator('.field.wrong')
    .getByText(/userId/)
    .waitFor();
  await edit.getByLabel('Payload').fill(JSON.stringify({ ...payload, userId: 'browser' }));
  await check.click();
  await edit.getByRole('region', { name: 'New payload' }).getByText('"browser"').waitFor();
  expect(await scansOf(payload.qrId)).toBe(0);
  await edit.getByRole('button', { name: 'Put it back' }).click();

  await drawer.getByText('1 letter put back').waitFor();
  const history = drawer.getByRole('region', { name: 'History' });
  await history.getByText('payload replaced').waitFor();
  await history.getByText('put back, time 1').waitFor();
  await drawer.getByRole('region', { name: 'Before its payload was replaced', exact: true }).waitFor();
  await until('it takes effect', async () => (await scansOf(payload.qrId)) === 1);
  await drawer.getByText('done', { exact: true }).waitFor();
  expect(await drawer.getByRole('button', { name: 'Put back', exact: true }).isDisabled()).toBe(true);
  expect(await readLetter(redis, letter.id)).toMatchObject({ status: 'done', redriveCount: 1, patched: true });
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
});

it('letters of all shapes tell who wrote them, and their record', async () => {
  const { queue, ids } = await mixedLetters(SHAPES.length, publisher);
  await publisher.publishRaw(queue);
  const { page } = await openPage(browser, consoleUrl);
  for (const [i, id] of ids.entries()) {
    await until('it is filed', () => readLetter(redis, id));
    await page.goto(`/dead-letters/${id}`);
    await dialog(page, id)
      .getByText(SHAPES[i] ?? '')
      .waitFor();
    await dialog(page, id).getByRole('region', { name: 'Record', exact: true }).getByText('userId').waitFor();
  }
});

it('a hostile record, in all that a connector says of it, stays text', async () => {
  const place = { topic: 'analytics-events', partition: '0', offset: String(Math.floor(Math.random() * 1e12)) };
  const errors = {
    ...place,
    'connector.name': HOSTILE,
    stage: 'TASK_PUT',
    'exception.class.name': HOSTILE,
    'exception.message': HOSTILE,
  };
  const headers = [
    [HOSTILE, Buffer.from(HOSTILE)] as const,
    ...Object.entries(errors).map(([name, text]) => [`__connect.errors.${name}`, Buffer.from(text)] as const),
  ];
  const [key, value] = [Buffer.from(HOSTILE), Buffer.from(JSON.stringify({ [HOSTILE]: HOSTILE }))];
  await publisher.publishRaw([{ topic: 'dead-letter-queue', key, value, headers }]);
  const id = `analytics-events-0-${place.offset}`;
  const letter = await until('it is filed', () => readLetter(redis, id));
  expect(letter.message).toContain('onerror');
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto(`/dead-letters?consumer=${encodeURIComponent(letter.consumer)}`);
  await page.getByRole('cell', { name: 'onerror' }).first().waitFor();
  await page.goto(`/dead-letters/${id}?show=each&consumer=${encodeURIComponent(letter.consumer)}`);
  await dialog(page, id).getByRole('region', { name: 'Record', exact: true }).getByText('onerror').first().waitFor();
  await dialog(page, id).getByRole('cell', { name: HOSTILE }).first().waitFor();
  await dialog(page, id).getByRole('button', { name: 'Edit and put back' }).click();
  await dialog(page, `Edit ${id}`).getByRole('button', { name: 'Check it' }).click();
  await page.locator('.field.wrong .hint').waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('img[src=x], main script, dialog script').count()).toBe(0);
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
});

it('letters of a filter are put back after their plan, with a bar that moves, and can be stopped', async () => {
  const consumer = `browser-${randomUUID()}`;
  const { qrId } = await givenUp(consumer, 120);
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto(`/dead-letters?consumer=${consumer}&show=each`);
  await page.getByText('120 letters', { exact: true }).waitFor();
  const list = page.getByRole('region', { name: 'Dead letters' });
  await list.getByRole('row').nth(50).waitFor();
  await page.getByRole('button', { name: 'Look on' }).click();
  await list.getByRole('row').nth(100).waitFor();
  await page.getByRole('button', { name: 'Look on' }).click();
  await page.getByRole('button', { name: 'That is all' }).waitFor();
  expect(await list.getByRole('row').count()).toBe(121);

  const begin = async (rate: string, plan: string): Promise<void> => {
    await page.getByRole('button', { name: 'Put back these' }).click();
    const asked = dialog(page, 'Put back these letters?');
    await asked.getByText(plan, { exact: true }).first().waitFor();
    await asked.getByLabel('Letters a second').fill(rate);
    await asked.getByRole('button', { name: /^Put back \d+ letters$/ }).click();
    await asked.waitFor({ state: 'detached' });
  };
  await begin('10', '120 letters');
  const bar = page.getByText(/^Put back: [1-9]\d* of 120$/);
  const early = await bar.textContent();
  await page.reload();
  await expect.poll(() => bar.textContent(), { timeout: 20_000 }).not.toBe(early);
  await page.getByRole('button', { name: 'Stop' }).click();
  const stopped = (await page.getByText(/^\d+ letters put back, stopped, \d+ to go$/).textContent()) ?? '';
  const [done = 0, open = 0] = (stopped.match(/\d+/g) ?? []).map(Number);
  expect(done + open).toBe(120);
  expect(open).toBeGreaterThan(0);

  await begin('', `${open} letters`);
  await page.getByText(`${open} letters put back`, { exact: true }).waitFor();
  await until('each scan is counted once', async () => (await scansOf(qrId)) === 120);
  await page.getByLabel('Status').selectOption('done');
  await page.getByText('120 letters', { exact: true }).waitFor();
  expect(faults).toEqual([]);
});

it('letters are parked, and discarded with a why that everybody sees', async () => {
  const consumer = `browser-${randomUUID()}`;
  const { letters } = await givenUp(consumer, 3);
  const { page } = await openPage(browser, consoleUrl);
  await page.goto(`/dead-letters/${letters[0]?.id}?consumer=${consumer}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Park' }).click();
  await dialog(page, /^Park /)
    .getByRole('button', { name: 'Park 1 letter' })
    .click();
  await page.getByRole('dialog').getByText('1 letter parked').waitFor();
  await page.getByRole('dialog').getByText('parked', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Discard these' }).click();
  const asked = dialog(page, 'Discard these letters?');
  await asked.getByText('3 letters', { exact: true }).waitFor();
  const sure = asked.getByRole('button', { name: 'Discard 3 letters' });
  expect(await sure.isDisabled()).toBe(true);
  await asked.getByLabel('Why').fill('a test of the page');
  await sure.click();
  await page.getByText('3 letters discarded', { exact: true }).waitFor();
  await page.getByText('No dead letters.').waitFor();
  expect(await findLetters(redis, { consumer, statuses: ['discarded'] })).toMatchObject(
    letters.map(() => ({ why: 'a test of the page' })),
  );
  await page.goto(`/dead-letters/${letters[1]?.id}`);
  await page.getByRole('region', { name: 'History' }).getByText('a test of the page').waitFor();
});

it('a read-only console offers nothing of it', async () => {
  const letter = await badScan({ action: 'scan' });
  const { page } = await openPage(browser, consoleUrl);
  await page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), readOnly: true } });
  });
  await page.goto(`/dead-letters/${letter.id}`);
  await dialog(page, letter.id).getByText(letter.message).first().waitFor();
  expect(await page.getByRole('button', { name: /^(Put back|Edit|Park|Discard)/ }).count()).toBe(0);
});

it('fits a screen of 375 pixels', async () => {
  const letter = await badScan({ action: 'scan' });
  const { page } = await openPage(browser, consoleUrl, { viewport: { width: 375, height: 700 } });
  for (const path of ['/dead-letters', '/dead-letters?show=each', `/dead-letters/${letter.id}`]) {
    await page.goto(path);
    await page.locator('tbody tr:not(.awaited)').first().waitFor();
    expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 375]);
  }
});
