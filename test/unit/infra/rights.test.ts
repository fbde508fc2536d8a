import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_PREFIX } from '../../../handlers/audit-logs/segment.ts';
import { batchesOfUser, OPEN_BATCHES, templateKey } from '../../../handlers/bulk-qr-processing/keys.ts';
import { pageFolder } from '../../../handlers/content-publishing/destination.ts';
import { FAILURES_PREFIX } from '../../../handlers/dead-letter-queue/own-failures.ts';
import { JOURNAL_PREFIX } from '../../../handlers/payment-events/journal.ts';
import { batchFolder } from '../../../lib/batches/keys.ts';
import { isEventType, SCHEDULED_FUNCTIONS, TOPIC_NAMES, TOPICS, topicOf } from '../../../lib/catalog/index.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import { consumerRights, SCHEDULE, scheduledRights } from '../../../lib/infra/rights/table.ts';
import { entryObjects } from '../../../lib/scheduler/entry.ts';
import { ORIGINALS_PREFIX } from '../../../lib/stores/dead-letters/index.ts';
import { filesFolder, uploadsFolder } from '../../../lib/stores/user-files.ts';

/** The code of a handler, without the places that only an erasure goes through, comments and types of events it reads. */
const codeOf = (handler: string): string => {
  const folder = join(PROJECT_ROOT, 'handlers', handler);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('places.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
};

/** Events a handler makes: `type: '...'` or a constant TYPE, and what the helpers of the harness make. */
const topicsMadeBy = (code: string): ReadonlySet<string> => {
  const literal = [...code.matchAll(/\b(?:type:|TYPE =)\s*'([a-z._]+)'/g)].flatMap(([, type = '']) => type);
  const types = [
    ...literal,
    ...(/\bnotified(?:InAppAndByEmail)?\(/.test(code) ? ['notification.requested'] : []),
    ...(/\baudited\(/.test(code) ? ['audit.recorded'] : []),
  ];
  return new Set(types.filter(isEventType).flatMap((type) => topicOf(type)?.name ?? []));
};

describe('the rights of functions', () => {
  it.each(TOPICS.map(({ name, handler }) => [name, handler] as const))(
    'let %s publish what its code makes, at once or later, and nothing else',
    (name, handler) => {
      const { publishes, schedules = [] } = consumerRights(name);
      const granted = new Set<string>([...publishes, ...schedules]);
      const made = topicsMadeBy(codeOf(handler));
      for (const topic of made) expect(granted).toContain(topic);
      // A dead letter that is tried again is no event that its handler makes.
      if (name === 'dead-letter-queue') return;
      for (const topic of granted) expect(made).toContain(topic);
    },
  );

  it.each(TOPICS.map(({ name, handler }) => [name, handler] as const))(
    'let %s keep the schedule if its code has something published later or not at all',
    (name, handler) => {
      const uses = /\b(?:schedule|unschedule)(?::|,|\s*\})/.test(codeOf(handler));
      expect(consumerRights(name).schedules !== undefined).toBe(uses);
    },
  );

  it.each(TOPICS.map(({ name, handler }) => [name, handler] as const))(
    'let %s do with objects what its code does',
    (name, handler) => {
      const code = codeOf(handler);
      const { reads = [], writes = [], deletes = [] } = consumerRights(name);
      const does = (methods: string): boolean => new RegExp(`\\bobjects\\.(?:${methods})\\(`).test(code);
      // Holds are read, letters kept and deleted, history kept and erased, by their store.
      const keepsHistory = /\b(?:historyHere|mergeInbox)\(/.test(code);
      expect(reads.length > 0).toBe(does('get|getRange|getStream|head') || keepsHistory || /\bholdingAt\(/.test(code));
      expect(writes.length > 0).toBe(does('put|putNew|upload') || keepsHistory || /\bkeepLetter\(/.test(code));
      expect(deletes.length > 0).toBe(does('delete') || keepsHistory);
    },
  );

  it('name the folders as the code makes their keys', () => {
    const isIn = (folders: readonly string[] | undefined, key: string): boolean =>
      folders?.some((folder) => key.startsWith(folder)) === true;
    const [bulk, files, retention] = (['bulk-qr-processing', 'file-processing', 'data-retention'] as const).map(
      consumerRights,
    );
    expect(entryObjects('due').prefix.startsWith(SCHEDULE)).toBe(true);
    expect(isIn(consumerRights('payment-events').writes, JOURNAL_PREFIX)).toBe(true);
    expect(isIn(consumerRights('audit-logs').writes, AUDIT_PREFIX)).toBe(true);
    expect(isIn(consumerRights('content-publishing').writes, pageFolder('c'))).toBe(true);
    for (const key of [FAILURES_PREFIX, ORIGINALS_PREFIX]) {
      expect(isIn(consumerRights('dead-letter-queue').writes, key)).toBe(true);
      expect(isIn(retention?.deletes, key)).toBe(true);
    }
    for (const key of [batchFolder('b'), OPEN_BATCHES, templateKey('t'), uploadsFolder('u'), filesFolder('u')]) {
      expect(isIn(bulk?.reads, key)).toBe(true);
    }
    for (const key of [batchFolder('b'), OPEN_BATCHES, batchesOfUser('u')]) {
      expect(isIn(bulk?.writes, key)).toBe(true);
      expect(isIn(retention?.deletes, key)).toBe(true);
    }
    expect(isIn(files?.reads, uploadsFolder('u'))).toBe(true);
    for (const key of [filesFolder('u'), batchFolder('b')]) expect(isIn(files?.writes, key)).toBe(true);
    for (const key of [uploadsFolder('u'), filesFolder('u'), pageFolder('c'), batchFolder('b'), batchesOfUser('u')]) {
      expect(isIn(retention?.deletes, key) && isIn(retention?.lists, key)).toBe(true);
    }
  });

  it('let what is listed to be deleted be deleted', () => {
    const { deletes = [], lists = [] } = consumerRights('data-retention');
    for (const folder of lists) expect(deletes).toContain(folder);
  });

  it('are written down for every function that a rule starts, and an unknown one is refused', () => {
    for (const { name } of SCHEDULED_FUNCTIONS) expect(scheduledRights(name).publishes).toEqual(TOPIC_NAMES);
    expect(() => scheduledRights('nobody')).toThrow('nobody');
  });
});
