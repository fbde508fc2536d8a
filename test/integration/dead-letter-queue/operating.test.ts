import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openSourceLog } from '../../../handlers/dead-letter-queue/source-log.ts';
import { fileRecord } from '../../../handlers/dead-letter-queue/work.ts';
import { topic } from '../../../lib/catalog/index.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { PermanentError } from '../../../lib/errors.ts';
import {
  deadLetter,
  eventOf,
  headerText,
  type InboundRecord,
  letterId,
  PATCHED_HEADER,
  putBack,
  recordOf,
} from '../../../lib/events/index.ts';
import { applyOnce, identityOf } from '../../../lib/idempotency/index.ts';
import {
  exportLetters,
  findLetters,
  keepPatched,
  patchedRecord,
  putAway,
  redriveLetters,
  requireKept,
  requireLetter,
  settleInterrupted,
  showLetter,
} from '../../../lib/operations/dead-letters/index.ts';
import { scanTopics } from '../../../lib/operations/scan.ts';
import { valueDecoder } from '../../../lib/operations/values/decoder.ts';
import { beginPutBack, readHistory, readKept, readLetter } from '../../../lib/stores/dead-letters/index.ts';
import { deliveryToQueue, queueBatch } from '../../support/letters.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const { connections, deliver } = deliveryToQueue(settings, (record, context) =>
  fileRecord({
    codec: connections.publisher.codec,
    log: openSourceLog(settings),
    alert: { letters: 1_000, withinMinutes: 5, operator: 'nobody' },
    now: Date.now,
  })(record, context),
);
const { redis, objects, publisher } = connections;
const decode = valueDecoder(settings);
const folder = await mkdtemp(join(tmpdir(), 'qr-letters-'));
afterAll(async () => {
  await closeConnections(connections);
  await rm(folder, { recursive: true, force: true });
});

const SOURCE = 'content-publishing';
const GROUP = topic(SOURCE).consumerGroup;
const by = 'ada@desk';

const history = () => {
  const now = new Date().toISOString();
  return { attempts: 1, firstFailure: now, lastFailure: now };
};
const fail = (record: InboundRecord) =>
  deliver(queueBatch([deadLetter(record, GROUP, new PermanentError('RULE_VIOLATED', 'Too early.'), history())]));

/** A letter of an event at a place that no record ever had. */
const filed = async (change: Partial<InboundRecord> = {}) => {
  const payload = { contentId: randomUUID(), userId: randomUUID(), actorId: 'editor-1', version: 1 };
  const event = eventOf('content.submitted', payload, { source: 'test' });
  const place = { partition: 1, offset: Math.floor(Math.random() * 1e12), timestamp: Date.now() };
  const record: InboundRecord = { ...(await recordOf(publisher.codec, event)), ...place, ...change };
  const id = letterId(SOURCE, 1, record.offset);
  await fail(record);
  return { payload, event, record, letter: await requireLetter(redis, id) };
};

/** Copies of a letter's record that are on its topic. */
const copiesOf = async (id: string): Promise<number> => {
  let copies = 0;
  await scanTopics(settings, { topics: [SOURCE], since: Date.now() - 600_000 }, ({ headers }) => {
    if (headerText(headers, 'dlq-redrive-of') === id) copies += 1;
  });
  return copies;
};

it('a redrive that died is settled by what is in the log: a record there is not put back again, one that is not is open', async () => {
  const [there, missing] = [await filed(), await filed()];
  const long = Date.now() - 60_000;
  for (const { letter } of [there, missing]) expect(await beginPutBack(redis, letter, by, long)).toBeUndefined();
  expect(await beginPutBack(redis, there.letter, by, Date.now())).toBe('busy');
  await publisher.publishRaw([putBack(there.letter, there.record)]);

  const busy = await redriveLetters([there.letter], connections, { by });
  expect(busy).toMatchObject({ redriven: 0, left: [{ reason: 'somebody else is putting it back' }] });

  // Two operators at once, after the same crash.
  await Promise.all([settleInterrupted(settings, connections), settleInterrupted(settings, connections)]);
  expect(await settleInterrupted(settings, connections)).toEqual({ found: 0, open: 0 });
  const putBacks = (await readHistory(redis, there.letter.id)).filter(({ what }) => what === 'put-back');
  expect(putBacks).toMatchObject([{ by, redriveCount: 1, at: new Date(long).toISOString() }]);
  expect(await readLetter(redis, there.letter.id)).toMatchObject({ redriveCount: 1 });
  expect(await readLetter(redis, missing.letter.id)).toMatchObject({ status: 'open', redriveCount: 0 });
  const stale = await redriveLetters([there.letter, missing.letter], connections, { by });
  expect(stale).toMatchObject({ redriven: 1, left: [{ id: there.letter.id }] });
  expect([await copiesOf(there.letter.id), await copiesOf(missing.letter.id)]).toEqual([1, 1]);
});

it('a payload is replaced as the same event; what fails again brings both records back to the same letter', async () => {
  const { payload, event, record, letter } = await filed({ value: Buffer.from('no event'), key: Buffer.from('k') });
  const stamp = { at: new Date().toISOString(), by };
  const kept = await requireKept(letter, { objects });
  const patch = (json: unknown) => patchedRecord(letter, kept.original, JSON.stringify(json), stamp, publisher.codec);

  await expect(patch({ ...payload, version: 'one' })).rejects.toThrow('payload.version must be');
  await expect(patch({ eventId: randomUUID(), payload })).rejects.toThrow('The eventId of');
  const patched = await patch(payload);
  expect(patched.event).toMatchObject({ eventId: event.eventId, correlationId: event.correlationId, payload });
  expect(String(patched.original.key)).toBe(payload.contentId);
  const again: InboundRecord = { ...record, ...putBack(letter, patched.original), offset: record.offset + 1 };
  const identity = identityOf(again, patched.event);
  expect(patched.owner).toBe(identity.tag);
  expect(headerText(patched.original.headers, PATCHED_HEADER)).toBe(`${stamp.at} ${by}`);

  await keepPatched(kept, patched, stamp, connections);
  await fail(again);
  const { unpatched, original } = (await readKept(objects, letter.id)) ?? {};
  expect([unpatched?.value, original?.value]).toEqual([record.value, patched.original.value]);
  expect(await showLetter(await requireLetter(redis, letter.id), { redis, objects }, decode)).toMatchObject({
    ...{ patched: true, redriveCount: 1, times: 2 },
    record: { format: 'avro', value: { payload } },
    unpatched: { format: 'text', value: 'no event' },
    history: [{ what: 'failed' }, { what: 'patched', by }, { what: 'failed', redriveCount: 1 }],
  });
  await applyOnce(redis, topic(SOURCE), identity.tag, [{ identity, log: { births: [], start: 0, first: 0 } }]);
  expect(await requireLetter(redis, letter.id)).toMatchObject({ status: 'done' });
});

it('a bare record without id or key goes back to its partition, where it is the same event', async () => {
  const payload = { contentId: randomUUID(), userId: randomUUID(), actorId: 'editor-1', version: 1 };
  const { letter, record } = await filed({ key: null, value: Buffer.from(JSON.stringify(payload)), headers: [] });
  const back = putBack(letter, record);
  expect(back.partition).toBe(record.partition);
  const moved: InboundRecord = { ...back, partition: 1, offset: record.offset + 9, timestamp: 0 };
  const { codec } = publisher;
  expect((await codec.decode(moved)).eventId).toBe((await codec.decode(record)).eventId);
  expect(identityOf(moved, await codec.decode(moved)).tag).toBe(letter.owner);
});

it('what is discarded says why, is not put back by its next failure, and is exported whole', async () => {
  const { letter, record } = await filed();
  await putAway([letter], connections, { status: 'discarded', by, why: 'a test' });
  await fail(record);
  const found = await findLetters(redis, { consumer: GROUP, statuses: ['discarded'] });
  const mine = found.filter(({ id }) => id === letter.id);
  expect(mine).toMatchObject([{ why: 'a test', times: 2 }]);

  const file = join(folder, 'letters.jsonl');
  await exportLetters(mine, file, { redis, objects, decode: decode });
  const line = JSON.parse(await readFile(file, 'utf8'));
  expect(line).toMatchObject({
    id: letter.id,
    history: [{ what: 'failed' }, { what: 'discarded', by, why: 'a test' }],
  });
  expect(Buffer.from(line.original.value, 'base64')).toEqual(record.value);
  expect(line.decoded).toMatchObject({ format: 'avro', value: { eventType: 'content.submitted' } });
  const ports = { redis, objects, decode: () => Promise.reject(new Error('x')), signal: AbortSignal.abort() };
  await expect(exportLetters(mine, `${file}2`, ports)).rejects.toThrow();
  await expect(exportLetters(mine, file, ports)).rejects.toThrow('exists already');
  expect(await readdir(folder)).toEqual(['letters.jsonl']);
});
