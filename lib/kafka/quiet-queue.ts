// For every project that sees this module, whatever it includes.
/// <reference path="./kafkajs-internals.d.ts" />
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** As kafkajs has it: how long what waits for a request in flight waits before it looks again, milliseconds. */
const LOOK_AGAIN_MS = 10;

/**
 * When the queue of a connection is to be looked at again.
 *
 * @param queue what waits, and until when the broker wants nothing
 * @param now milliseconds since 1970
 * @returns milliseconds from now; undefined when nothing waits: whatever comes then looks at the queue itself
 */
export const nextLook = (
  { pending, throttledUntil }: { readonly pending: readonly unknown[]; readonly throttledUntil: number },
  now: number,
): number | undefined => {
  if (pending.length === 0) return undefined;
  return throttledUntil > now ? throttledUntil - now : LOOK_AGAIN_MS;
};

/**
 * Stops the loop of kafkajs 2.2.4 in which every connection looks at its empty queue each millisecond for as long as it is
 * open: some 3 % of a processor a connection, on a laptop and in a function alike, and a warning each on Node 24
 * (github.com/tulios/kafkajs/issues/1704 and 1751, both open, and the library without a release since 2023).
 */
export const quietQueues = (): void => {
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId !== null) return;
    const wait = nextLook(this, Date.now());
    if (wait === undefined) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, wait);
  };
};
