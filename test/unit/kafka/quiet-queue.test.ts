import fc from 'fast-check';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { describe, expect, it } from 'vitest';
import { nextLook, quietQueues } from '../../../lib/kafka/quiet-queue.ts';

const logger = { debug: () => undefined };
const instants = fc.integer({ min: -1, max: 2 ** 43 });

describe('the queue of a connection to a broker', () => {
  it('is never looked at while nothing waits', () => {
    fc.assert(
      fc.property(instants, instants, (throttledUntil, now) => {
        expect(nextLook({ pending: [], throttledUntil }, now)).toBeUndefined();
      }),
    );
  });

  it('is looked at when the broker wants something again, else soon, never at once and never before now', () => {
    fc.assert(
      fc.property(instants, instants, fc.array(fc.nat(), { minLength: 1 }), (throttledUntil, now, pending) => {
        const wait = nextLook({ pending, throttledUntil }, now);
        expect(wait).toBeGreaterThanOrEqual(1);
        if (throttledUntil > now) expect(wait).toBe(throttledUntil - now);
        else expect(wait).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('sets no timer in kafkajs once it is empty', () => {
    quietQueues();
    const queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1_000,
      enforceRequestTimeout: false,
      logger,
    });
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('sends what waited for a broker that wanted nothing for a while', async () => {
    quietQueues();
    const queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1_000,
      enforceRequestTimeout: false,
      logger,
    });
    queue.throttledUntil = Date.now() + 20;
    await new Promise<void>((sent) => {
      queue.push({
        entry: { correlationId: 1, resolve: () => sent() },
        expectResponse: false,
        sendRequest: () => undefined,
      });
    });
    expect(Date.now()).toBeGreaterThanOrEqual(queue.throttledUntil);
  });
});
