import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegistry } from '../../../lib/events/index.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import { readSchemaFile, readSchemaFolder } from '../../../lib/operations/schemas/files.ts';
import { requireSubject, requireVersion } from '../../../lib/operations/schemas/registered.ts';
import { registerFiles, reviewFile, reviewFiles } from '../../../lib/operations/schemas/review.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const registry = openRegistry(settings);
const OURS = { folder: join(PROJECT_ROOT, 'schemas') };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-schemas-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileWith = async (subject: string, ...fields: readonly object[]) => {
  const path = join(folder, `${randomUUID()}.avsc`);
  await writeFile(path, JSON.stringify({ type: 'record', name: 'Thing', fields }, null, 2));
  return readSchemaFile(path, subject);
};

const ID = { name: 'id', type: 'string' };
const NOTE = { name: 'note', type: 'string', default: '' };

it('the schema files of the project are registered as they are', async () => {
  const files = (await readSchemaFolder(OURS)).filter(({ path }) => path.includes('qr.'));
  const reviews = await reviewFiles(registry, files, OURS);
  expect(reviews.map(({ standing }) => standing)).toEqual(files.map(() => 'known'));
  expect(await requireSubject(registry, 'qr.scanned')).toMatchObject({
    ...{ subject: 'analytics-events-io.qrsaas.events.QrScanned', compatibility: 'BACKWARD', eventType: 'qr.scanned' },
    versions: [{ version: 1, id: expect.any(Number) }],
  });
});

it('a file is new, then known, then changed; the registry takes what the check takes, and refuses what it refuses', async () => {
  const subject = `review-${randomUUID()}`;
  const [first, second, breaking] = [
    await fileWith(subject, ID),
    await fileWith(subject, ID, NOTE),
    await fileWith(subject, { ...ID, type: 'int' }, NOTE),
  ];
  const standing = async (file: typeof first) => (await reviewFile(registry, file, OURS)).standing;
  expect(await standing(first)).toBe('new');
  const { registered } = await registerFiles(registry, [first]);
  expect(await registerFiles(registry, [first])).toEqual({ registered, refused: [] });
  expect([await standing(first), await standing(second)]).toEqual(['known', 'changed']);
  await registerFiles(registry, [second]);

  const review = await reviewFile(registry, breaking, OURS);
  expect(review).toMatchObject({ standing: 'breaks', version: null });
  expect(review.findings[0]?.text).toBe(
    'field id: string → int: readers of this schema cannot read records of version 1 and version 2',
  );
  const { refused } = await registerFiles(registry, [breaking]);
  expect(refused).toMatchObject([{ code: 'SCHEMA_INCOMPATIBLE' }]);
  expect((await requireSubject(registry, subject)).versions).toHaveLength(2);
});

it('an unknown subject, event type or version is told with what is near', async () => {
  await expect(requireSubject(registry, 'qr.scaned')).rejects.toMatchObject({
    ...{ code: 'NOT_FOUND', next: 'Did you mean qr.scanned?' },
  });
  const scans = await requireSubject(registry, 'qr.scanned');
  expect(() => requireVersion(scans, 99)).toThrow(`${scans.subject} has no version 99.`);
});
