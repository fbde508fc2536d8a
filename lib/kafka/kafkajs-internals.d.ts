/** The inside of kafkajs 2.2.4 that `quiet-queue.ts` repairs: it has no types of its own. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export interface PushedRequest {
    readonly entry: { readonly correlationId: number; readonly resolve: (answer: unknown) => void };
    readonly expectResponse: boolean;
    readonly sendRequest: () => void;
  }

  export default class RequestQueue {
    constructor(options: {
      readonly maxInFlightRequests: number | null;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly logger?: { debug(message: string, details?: object): void };
    });
    /** Requests that wait for their turn. */
    readonly pending: readonly unknown[];
    /** Until when the broker wants nothing, milliseconds since 1970; -1 when it never said so. */
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    /** Sends the request at once if it may be sent, else it waits. */
    push(request: PushedRequest): void;
    /** Sends what may be sent, then calls {@link scheduleCheckPendingRequests}. */
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}
