import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openRegistry } from '../../lib/events/index.ts';
import { openBrowser, openPage } from './browser.ts';

const { settings, consoleUrl } = inject('stack');
const SUBJECT = `browser-${randomUUID().slice(0, 8)}-value`;
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

const schemaWith = (...fields: readonly object[]): string => JSON.stringify({ type: 'record', name: 'Thing', fields });
const ID = { name: 'id', type: 'string', doc: 'Which thing' };
const NOTE = { name: 'note', type: 'string', default: '', doc: HOSTILE };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  const registry = openRegistry(settings);
  await registry.register(SUBJECT, schemaWith(ID));
  await registry.register(SUBJECT, schemaWith(ID, NOTE));
});
afterAll(() => browser?.close());

it('subjects are listed with versions and compatibility; one is found and read, its versions are beside each other', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('row', { name: 'qr.scanned' }).getByText('BACKWARD').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(SUBJECT);
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: SUBJECT }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: SUBJECT });
  const fields = dialog.getByRole('region', { name: 'Fields' });
  await fields.getByRole('row', { name: 'note' }).getByText(HOSTILE).waitFor();
  await dialog.getByLabel('Version').selectOption('1');
  await fields.getByRole('row', { name: 'note' }).waitFor({ state: 'detached' });
  await dialog.getByRole('link', { name: 'JSON' }).click();
  await dialog.getByRole('region', { name: 'Schema' }).getByText('"Which thing"').waitFor();
  await dialog.getByRole('link', { name: 'Diff' }).click();
  const added = dialog.getByRole('region', { name: 'Changes' }).getByRole('row', { name: 'note' });
  expect(await added.getByRole('cell').allTextContents()).toEqual(['note', 'added', '–', 'string, default ""']);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(faults).toEqual([]);
});

it('a pasted schema is checked: the change that breaks readers is named, and one that breaks none is told from it', async () => {
  const { page, faults } = await openPage(browser, consoleUrl);
  await page.goto(`/schemas/${SUBJECT}?show=check`);
  const schema = page.getByLabel('Schema', { exact: true });
  const check = page.getByRole('button', { name: 'Check' });
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await check.click();
  await verdict.getByText('It is version 2.').waitFor();
  await schema.fill(schemaWith({ ...ID, type: 'int' }, { name: 'size', type: 'long' }));
  await check.click();
  await verdict.getByText('breaks readers').waitFor();
  const said = await verdict.getByRole('listitem').allTextContents();
  expect(said).toContain(
    'field id: string → int: readers of this schema cannot read records of version 1 and version 2',
  );
  expect(said).toContain(
    'field size: added (long) without a default: readers of this schema cannot read records of version 1 and version 2',
  );
  await schema.fill(schemaWith(ID, NOTE, { name: 'size', type: ['null', 'long'], default: null }));
  await check.click();
  await verdict.getByText('would be a new version').waitFor();
  await schema.fill('{"type":"record"');
  await check.click();
  await page.locator('.field.wrong').getByText('is no Avro schema').waitFor();
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
});
