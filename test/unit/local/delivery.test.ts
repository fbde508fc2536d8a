import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveryPort, deliver, type GivenUp } from '../../../lib/local/functions/delivery.ts';
import type { SourceRecord } from '../../../lib/local/functions/record.ts';
import type { Outcome, RetryPolicy } from '../../../lib/local/functions/retries.ts';
import { anyBatch, nameOf, recordOf } from '../../support/source-records.ts';

/** A function, a destination and a clock, and all that happened to them. */
const world = (
  works: (records: readonly SourceRecord[], call: number) => Outcome | Promise<Outcome>,
  policy: Partial<RetryPolicy> = {},
  more: Partial<DeliveryPort> = {},
) => {
  const calls: string[][] = [];
  const settled: string[] = [];
  const givenUp: { names: string[]; why: GivenUp }[] = [];
  let clock = 0;
  const port: DeliveryPort = {
    policy: {
      maximumRetryAttempts: 2,
      maximumRecordAgeSeconds: -1,
      bisectBatchOnFunctionError: false,
      ...policy,
    },
    invoke: async (records) => {
      calls.push(records.map(nameOf));
      const outcome = await works(records, calls.length);
      const functionError = outcome.kind === 'error' ? 'Unhandled' : null;
      return { outcome, end: { requestId: `call-${calls.length}`, statusCode: 200, functionError } };
    },
    settle: (records) => {
      settled.push(...records.map(nameOf));
    },
    giveUp: async (records, why) => {
      givenUp.push({ names: records.map(nameOf), why });
    },
    unsendable: () => undefined,
    wait: async (milliseconds) => {
      clock += milliseconds;
    },
    stopped: () => false,
    now: () => clock,
    ...more,
  };
  return { port, calls, settled, givenUp, clock: () => clock };
};

const success: Outcome = { kind: 'success' };
const error: Outcome = { kind: 'error' };
const records = (partition: number, ...offsets: number[]) => offsets.map((offset) => recordOf(partition, offset));

describe('a batch that is worked', () => {
  it('is sent once and settled', async () => {
    const { port, calls, settled } = world(() => success);
    await deliver(records(0, 1, 2), port);
    expect(calls).toEqual([['0@1', '0@2']]);
    expect(settled).toEqual(['0@1', '0@2']);
  });
});

describe('a batch that fails', () => {
  it('is sent again, the same records, after waits that grow', async () => {
    const { port, calls, settled, clock } = world((_, call) => (call < 3 ? error : success));
    await deliver(records(0, 1, 2), port);
    expect(calls).toEqual([
      ['0@1', '0@2'],
      ['0@1', '0@2'],
      ['0@1', '0@2'],
    ]);
    expect(settled).toEqual(['0@1', '0@2']);
    expect(clock()).toBe(200 + 400);
  });

  it('is given up when its retries are used up, and settled only when it is safe', async () => {
    const order: string[] = [];
    const { port } = world(
      () => error,
      {},
      {
        giveUp: async (_, why) => {
          await Promise.resolve();
          order.push(`safe ${why.condition} ${why.invokes} ${why.last?.requestId} ${why.last?.functionError}`);
        },
        settle: () => {
          order.push('settled');
        },
      },
    );
    await deliver(records(0, 1), port);
    expect(order).toEqual(['safe RetriesExhausted 3 call-3 Unhandled', 'settled']);
  });

  it('is not retried with no retries', async () => {
    const { port, calls, givenUp } = world(() => error, { maximumRetryAttempts: 0 });
    await deliver(records(0, 1), port);
    expect(calls).toHaveLength(1);
    expect(givenUp).toHaveLength(1);
  });
});

describe('a partial failure', () => {
  it('settles what was worked at once and sends only the failed records again', async () => {
    const batch = records(0, 1, 2, 3);
    const { port, calls, settled } = world((sent, call) =>
      call === 1 ? { kind: 'partial', failed: new Set(sent.slice(1, 2)) } : success,
    );
    await deliver(batch, port);
    expect(calls).toEqual([['0@1', '0@2', '0@3'], ['0@2']]);
    expect(settled).toEqual(['0@1', '0@3', '0@2']);
  });
});

describe('a poison record', () => {
  it('is found by halving: only it is given up, everything else is worked, in order', async () => {
    const worked: string[] = [];
    const { port, givenUp } = world(
      (sent) => {
        if (sent.some(({ offset }) => offset === 6)) return error;
        worked.push(...sent.map(nameOf));
        return success;
      },
      { bisectBatchOnFunctionError: true },
    );
    await deliver(records(0, 1, 2, 3, 4, 5, 6, 7, 8), port);
    expect(givenUp.map(({ names }) => names)).toEqual([['0@6']]);
    expect(worked).toEqual(['0@1', '0@2', '0@3', '0@4', '0@5', '0@7', '0@8']);
  });

  it('keeps its own partition waiting, not the others', async () => {
    let free: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { port, settled } = world(
      async (sent, call) => {
        if (call === 1) return error;
        if (sent.some(({ partition }) => partition === 0)) await stuck;
        if (sent.length === 2 && settled.length === 0) free();
        return success;
      },
      { bisectBatchOnFunctionError: true },
    );
    await deliver([...records(0, 1, 2), ...records(1, 1, 2)], port);
    expect(settled).toEqual(['1@1', '1@2', '0@1', '0@2']);
  });

  it('any number of them: every record is worked or given up, exactly once, in the order of its partition', async () => {
    const worlds = anyBatch().chain((batch) =>
      fc.record({
        batch: fc.constant(batch),
        poison: fc.subarray(batch),
        bisects: fc.boolean(),
        reports: fc.boolean(),
        retries: fc.integer({ min: 0, max: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(worlds, async ({ batch, poison, bisects, reports, retries }) => {
        const bad = new Set(poison);
        const worked: SourceRecord[] = [];
        const { port, settled, givenUp } = world(
          (sent) => {
            const failed = new Set(sent.filter((record) => bad.has(record)));
            if (failed.size === 0) worked.push(...sent);
            else if (reports) worked.push(...sent.filter((record) => !failed.has(record)));
            return failed.size === 0 ? success : reports ? { kind: 'partial', failed } : error;
          },
          { bisectBatchOnFunctionError: bisects, maximumRetryAttempts: retries },
        );
        await deliver(batch, port);
        expect([...settled].sort()).toEqual(batch.map(nameOf).sort());
        expect(new Set(worked).size).toBe(worked.length);
        const lost = givenUp.flatMap(({ names }) => names);
        expect([...worked.map(nameOf), ...lost].sort()).toEqual(batch.map(nameOf).sort());
        if (bisects || reports) expect(lost.sort()).toEqual(poison.map(nameOf).sort());
        for (const partition of new Set(batch.map((record) => record.partition))) {
          const offsets = worked.filter((record) => record.partition === partition).map(({ offset }) => offset);
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        }
      }),
    );
  });
});

describe('a record that cannot be sent', () => {
  it('too large: goes to the destination without a call, the others to the function', async () => {
    const { port, calls, settled, givenUp } = world(
      () => success,
      {},
      {
        unsendable: ({ offset }) => (offset === 2 ? 'MaximumPayloadSizeExceeded' : undefined),
      },
    );
    await deliver(records(0, 1, 2, 3), port);
    expect(calls).toEqual([['0@1', '0@3']]);
    expect(givenUp).toEqual([
      { names: ['0@2'], why: { condition: 'MaximumPayloadSizeExceeded', invokes: 0, last: undefined } },
    ]);
    expect(settled.sort()).toEqual(['0@1', '0@2', '0@3']);
  });

  it('too large and alone: the function is not called', async () => {
    const { port, calls, settled } = world(() => success, {}, { unsendable: () => 'MaximumPayloadSizeExceeded' });
    await deliver(records(0, 1), port);
    expect(calls).toEqual([]);
    expect(settled).toEqual(['0@1']);
  });

  it('too old: goes to the destination, before the first call or between retries', async () => {
    const old = [recordOf(0, 1, { timestamp: -100_000 }), recordOf(0, 2, { timestamp: -59_900 }), recordOf(0, 3)];
    const { port, calls, givenUp } = world((_, call) => (call < 3 ? error : success), { maximumRecordAgeSeconds: 60 });
    await deliver(old, port);
    expect(calls).toEqual([['0@2', '0@3'], ['0@3'], ['0@3']]);
    expect(givenUp.map(({ names, why }) => [names, why.condition, why.invokes])).toEqual([
      [['0@1'], 'RecordAgeExceeded', 0],
      [['0@2'], 'RecordAgeExceeded', 1],
    ]);
  });
});

describe('a mapping that stops', () => {
  it('sends nothing more and settles nothing that was not done', async () => {
    let stopped = false;
    const { port, calls, settled, givenUp } = world(
      () => {
        stopped = true;
        return error;
      },
      { bisectBatchOnFunctionError: true },
      { stopped: () => stopped },
    );
    await deliver(records(0, 1, 2), port);
    expect(calls).toHaveLength(1);
    expect([settled, givenUp]).toEqual([[], []]);
  });

  it('still settles a half that ends later than one that broke', async () => {
    let finish: () => void = () => undefined;
    const later = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { port, settled } = world(
      async (sent, call) => {
        if (call === 1) return error;
        if (sent.some(({ partition }) => partition === 0)) throw new Error('the host ends');
        await later;
        return success;
      },
      { bisectBatchOnFunctionError: true },
    );
    let over = false;
    const delivery = deliver([...records(0, 1), ...records(1, 1)], port).finally(() => {
      over = true;
    });
    await new Promise(setImmediate);
    expect(over).toBe(false);
    finish();
    await expect(delivery).rejects.toThrow('the host ends');
    expect(settled).toEqual(['1@1']);
  });
});
