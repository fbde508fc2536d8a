import { describe, expect, it } from 'vitest';
import { Counters } from '../../../lib/local/functions/counters.ts';
import { callTarget } from '../../../lib/local/functions/target.ts';
import { recordOf } from '../../support/source-records.ts';

const records = [recordOf(0, 100), recordOf(0, 101)];
const SOURCE = { topic: 't', eventSourceArn: 'arn:aws:kafka:x', bootstrapServers: 'localhost:9092' };

const outcomeOf = async (body: string, reportBatchItemFailures: boolean, functionError?: string) => {
  const { outcome } = await callTarget(records, {
    source: SOURCE,
    target: {
      concurrency: 1,
      invoke: async () => ({ requestId: 'r', statusCode: 200, functionError, body }),
    },
    policy: { reportBatchItemFailures },
    counters: new Counters(),
    log: () => undefined,
  });
  return outcome.kind;
};

const FAILED = '{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":101}}]}';

describe('a function that returns', () => {
  it.each(['"OK"', 'OK', '3', '[]', 'true', FAILED, '{"batchItemFailures":[{"itemIdentifier":"x"}]}'])(
    '%s where it is not asked which records failed has processed them all',
    async (body) => {
      expect(await outcomeOf(body, false)).toBe('success');
    },
  );

  it.each([
    ['"OK"', 'malformed'],
    ['OK', 'malformed'],
    ['null', 'success'],
    [FAILED, 'partial'],
    ['{"batchItemFailures":[{"itemIdentifier":"x"}]}', 'malformed'],
  ])('%s where it is asked which records failed means: %s', async (body, kind) => {
    expect(await outcomeOf(body, true)).toBe(kind);
  });

  it('an error has failed, whether it is asked or not', async () => {
    for (const isAsked of [true, false]) expect(await outcomeOf('{}', isAsked, 'Unhandled')).toBe('error');
  });
});
