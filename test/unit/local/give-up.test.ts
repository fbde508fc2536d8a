import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PermanentError, TransientError } from '../../../lib/errors.ts';
import { Counters } from '../../../lib/local/functions/counters.ts';
import { type GiveUpPort, giveUp } from '../../../lib/local/functions/give-up.ts';
import type { OnFailureDestination } from '../../../lib/local/functions/on-failure.ts';
import { Session, Stopped } from '../../../lib/local/functions/session.ts';
import { recordOf } from '../../support/source-records.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const why = { condition: 'RetriesExhausted', invokes: 1, last: undefined } as const;
const refused = new PermanentError('REFUSED', 'too large');
const away = new TransientError('BROKER_UNAVAILABLE', 'nobody answers');

/** A destination that fails with these errors, one a call, and then takes everything. */
const destination = (...errors: Error[]) => {
  const taken: string[] = [];
  const deliver: OnFailureDestination['deliver'] = async ({ value }) => {
    const error = errors.shift();
    if (error) throw error;
    taken.push(String(JSON.parse(value).KafkaBatchInfo.recordInfo.offset));
  };
  return { name: 'test', taken, deliver };
};

const portTo = (to: OnFailureDestination, lastResort: OnFailureDestination): GiveUpPort => ({
  source: { topic: 't', eventSourceArn: 'arn', bootstrapServers: 'b' },
  destination: to,
  lastResort,
  counters: new Counters(),
  log: () => undefined,
});
const records = [recordOf(0, 1), recordOf(0, 2)];
const session = () =>
  new Session(
    async () => undefined,
    new Counters(),
    () => undefined,
  );

describe('giving records up', () => {
  it('tries a destination again until it takes the record, in order', async () => {
    const [to, last] = [destination(away, away), destination()];
    const port = portTo(to, last);
    const done = giveUp(records, why, session(), port);
    await vi.advanceTimersByTimeAsync(1_000);
    await done;
    expect([to.taken, last.taken]).toEqual([['1', '2'], []]);
    expect(port.counters.get('OnFailureDestinationDeliveryErrorCount')).toBe(2);
    expect(port.counters.get('OnFailureDestinationDeliveredEventCount')).toBe(2);
  });

  it('brings to the last resort what the destination can never take, and counts it as dropped', async () => {
    const [to, last] = [destination(refused), destination()];
    const port = portTo(to, last);
    await giveUp(records, why, session(), port);
    expect([to.taken, last.taken]).toEqual([['2'], ['1']]);
    expect(port.counters.get('DroppedEventCount')).toBe(1);
  });

  it('tries the last resort again as well: a full disk loses nothing', async () => {
    const full = new TransientError('SERVICE_FAILED', 'no space left');
    const [to, last] = [destination(refused, refused, refused), destination(full, full)];
    const done = giveUp(records.slice(0, 1), why, session(), portTo(to, last));
    await vi.advanceTimersByTimeAsync(1_000);
    await done;
    expect(last.taken).toEqual(['1']);
  });

  it('ends with its session, and says so', async () => {
    const to = destination(...Array.from({ length: 100 }, () => away));
    const over = session();
    const done = expect(giveUp(records, why, over, portTo(to, destination()))).rejects.toBeInstanceOf(Stopped);
    await vi.advanceTimersByTimeAsync(1_000);
    over.abandon();
    await done;
  });
});
