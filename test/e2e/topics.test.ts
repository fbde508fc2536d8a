import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../lib/catalog/index.ts';
import { cliWith, linesOf } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';

const { dataDir } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const newName = (): string => `e2e-${randomUUID()}`;

interface TopicLine {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
  readonly messages: number;
}

describe('topics', () => {
  it('lists the thirteen topics of the product as the catalog has them', async () => {
    const topics = await cli.json<TopicLine[]>('topics');
    const found = topics.filter(({ name }) => TOPICS.some((entry) => entry.name === name));
    expect(found.map(({ name, partitions, retentionMs }) => ({ name, partitions, retentionMs }))).toEqual(
      TOPICS.map(({ name, partitions, retentionMs }) => ({ name, partitions, retentionMs })),
    );
    expect(topics.every(({ messages }) => Number.isInteger(messages) && messages >= 0)).toBe(true);
    expect(topics.some(({ name }) => name.startsWith('__'))).toBe(false);
  });

  it('prints a table for people, numbers aligned on the right, without colours in a pipe', async () => {
    const { code, out, err } = await cli.run('topics', '--all');
    expect(code).toBe(0);
    expect(out).toContain('__consumer_offsets');
    expect(out).not.toContain('\u001b');
    const [head = '', ...rows] = linesOf(out);
    const end = head.indexOf('PARTITIONS') + 'PARTITIONS'.length;
    const bulk = rows.find((row) => row.startsWith('bulk-qr-processing')) ?? '';
    expect(bulk.slice(0, end)).toMatch(/ 10$/);
    expect(err).toContain('Next: ./stream-manager.sh describe-topic');
  });

  it('describes one, with its place in the catalog', async () => {
    const [topic, told] = await Promise.all([
      cli.json<TopicLine & { key: string; eventTypes: string[]; partitionDetails: unknown[] }>(
        'describe-topic',
        'analytics-events',
      ),
      cli.npm('kafka:describe-topic', 'analytics-events'),
    ]);
    expect(topic).toMatchObject({ name: 'analytics-events', partitions: 50, group: 'analytics-processors' });
    expect(topic.partitionDetails).toHaveLength(50);
    expect(topic.partitionDetails[0]).toMatchObject({ partition: 0, leader: 1, replicas: [1], inSync: [1] });
    expect(topic.eventTypes).toContain('qr.scanned');
    expect(told.code).toBe(0);
    expect(told.out).toContain('30 d (2,592,000,000 ms)');
  });

  it('are made and deleted through npm as well, without a terminal only with --yes', async () => {
    const name = newName();
    const made = await cli.npm('kafka:create-topic', name, '3', '3600000');
    expect(made).toMatchObject({ code: 0 });
    expect(made.out).toContain(`Topic ${name} made: 3 partitions, records kept 1 h.`);
    expect(await cli.json('describe-topic', name)).toMatchObject({
      partitions: 3,
      retentionMs: 3_600_000,
      group: null,
    });

    const [again, refused] = await Promise.all([
      cli.run('create-topic', name, '3', '3600000'),
      cli.npm('kafka:delete-topic', name),
    ]);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain(`Topic ${name} exists already.`);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('no terminal to ask on');

    const deleted = await cli.npm('kafka:delete-topic', name, '--yes');
    expect(deleted).toMatchObject({ code: 0 });
    const gone = await cli.run('describe-topic', name, '--json');
    expect(gone).toMatchObject({ code: 1, out: '' });
    expect(gone.err).toContain(`There is no topic ${name}.`);
  });

  it('are deleted on a terminal after a yes, and stay after anything else', async () => {
    const name = newName();
    expect(await cli.json('create-topic', name, '1', '-1')).toEqual({ name, partitions: 1, retentionMs: -1 });
    const offered = (): Promise<string> => readFile(join(dataDir, 'run/names/topics'), 'utf8');
    expect(await offered()).toContain(`${name}\n`);
    const kept = await cli.typed(['delete-topic', name], { '[y/N]': 'n' });
    expect(kept.code).toBe(1);
    expect(kept.out).toContain(`Topic ${name} was not deleted.`);
    expect(kept.out).toContain('\u001b[');
    expect(await cli.json('describe-topic', name)).toMatchObject({ retentionMs: -1 });
    const deleted = await cli.typed(['delete-topic', name], { '[y/N]': 'y' });
    expect(deleted.code).toBe(0);
    expect((await cli.run('describe-topic', name)).code).toBe(1);
    expect(await offered()).not.toContain(name);
  });

  it('of the product are deleted only by typing their name', async () => {
    const said = await cli.typed(['delete-topic', 'audit-logs'], { 'Type the name of the topic': 'y' });
    expect(said.code).toBe(1);
    expect(said.out).toContain('one of the product’s 13 topics');
    expect(await cli.json('describe-topic', 'audit-logs')).toMatchObject({ partitions: 3 });
  });

  it('are refused by name, number and retention in one sentence', async () => {
    const name = newName();
    await cli.run('create-topic', `${name}.1`, '1', '1000');
    const calls: readonly (readonly [words: readonly string[], code: number, sentence: string])[] = [
      [['create-topic', 'with space', '1', '1000'], 2, 'A topic name is made of letters, digits'],
      [['create-topic', 'x', '0', '1000'], 2, 'PARTITIONS cannot be "0".'],
      [['create-topic', 'x', '1', 'week'], 2, 'RETENTION_MS cannot be "week".'],
      [['create-topic', 'x', '1'], 2, 'RETENTION_MS is missing.'],
      [['create-topic', `${name}_1`, '1', '1000'], 1, `would collide with ${name}.1`],
      [['delete-topic', '__consumer_offsets', '--yes'], 1, 'belongs to the broker'],
      [['describe-topic', 'analytics-event'], 1, 'Did you mean analytics-events?'],
    ];
    const said = await Promise.all(calls.map(([words]) => cli.run(...words)));
    for (const [i, [words, code, sentence]] of calls.entries()) {
      expect({ words, ...said[i] }).toMatchObject({ words, code, out: '', err: expect.stringContaining(sentence) });
      expect(said[i]?.err).not.toMatch(/^ +at /m);
    }
  });
});
