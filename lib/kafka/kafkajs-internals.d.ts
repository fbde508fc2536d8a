/** The inside of kafkajs 2.2.4 that `cures.ts` changes: it has no types of its own. */
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
    readonly requestTimeout: number;
    readonly enforceRequestTimeout: boolean;
    /** Requests that wait for their turn. */
    readonly pending: readonly unknown[];
    /** Requests that were sent and not answered, by the number that the answer will bear. */
    readonly inflight: ReadonlyMap<
      number,
      { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
    >;
    requestTimeoutIntervalId: NodeJS.Timeout | undefined;
    readonly isConnected: () => boolean;
    /** Until when the broker wants nothing, milliseconds since 1970; -1 when it never said so. */
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    /** Sends the request at once if it may be sent, else it waits. */
    push(request: PushedRequest): void;
    /** Sends what may be sent, then calls {@link scheduleCheckPendingRequests}. */
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    /** Begins to look for requests that have waited too long. */
    scheduleRequestTimeoutCheck(): void;
    /** Stops both clocks. */
    destroy(): void;
  }
}

declare module 'kafkajs/src/network/connection.js' {
  /** One socket to a broker at a time, made again when it is needed. */
  export default class Connection {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly logger: import('kafkajs').Logger;
      readonly socketFactory: import('kafkajs').ISocketFactory;
      readonly requestTimeout: number;
      readonly connectionTimeout: number;
    });
    readonly host: string;
    readonly port: number;
    readonly socket: import('node:net').Socket | undefined;
    /** What has come of an answer that is not whole yet. */
    chunks: Buffer[];
    bytesBuffered: number;
    bytesNeeded: number;
    /** Also while it closes. */
    isConnected(): boolean;
    connect(): Promise<boolean>;
    disconnect(): Promise<boolean>;
    /** Sends a request, and waits for its answer. */
    send(exchange: {
      readonly request: import('./client-request.ts').ClientRequest;
      readonly response: {
        readonly decode: (answer: Buffer) => Promise<object>;
        readonly parse: (answer: object) => Promise<unknown>;
      };
    }): Promise<unknown>;
    /** Fails everything in flight. */
    rejectRequests(error: Error): void;
  }
}

declare module 'kafkajs/src/errors.js' {
  const errors: {
    readonly KafkaJSConnectionClosedError: new (
      message: string,
      broker: { readonly host: string; readonly port: number },
    ) => import('kafkajs').KafkaJSError;
    readonly KafkaJSRequestTimeoutError: typeof import('kafkajs').KafkaJSRequestTimeoutError;
  };
  export default errors;
}

declare module 'kafkajs/src/consumer/runner.js' {
  /** The loop of a consumer. */
  export default class Runner {
    readonly running: boolean;
    readonly consumerGroup: { commitOffsets(offsets: object): Promise<void> };
    commitOffsets(offsets: object): Promise<void> | undefined;
  }
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response.js' {
  const response: {
    /** Looked up anew for each answer. */
    decode: (answer: Buffer) => Promise<object>;
  };
  export default response;
}

declare module 'kafkajs/src/consumer/batch.js' {
  /** What an answer to a fetch brought of one partition. */
  export default class Batch {
    /** As the decoder gave them, in the same array. */
    readonly rawMessages: readonly object[];
    /** Whether nothing is left for the handler. */
    isEmpty(): boolean;
    /** Whether there was something nevertheless, behind which the consumer goes on. */
    isEmptyDueToFiltering(): boolean;
    /** The offset before the one to fetch next. */
    lastOffset(): string;
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: {
    /** The error behind a code of the protocol; of those that Kafka has had since 2.7 it does not know the names. */
    createErrorFromCode(code: number): import('kafkajs').KafkaJSProtocolError;
  };
  export default errors;
}

declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  interface Exchange {
    readonly request: { readonly encode: () => Promise<object> };
    readonly response: object;
  }
  const produce: {
    readonly versions: readonly string[];
    /** Looked up anew for each request. */
    protocol: (options: {
      readonly version: number;
    }) => (request: import('./produce-request.ts').ProduceRequest) => Exchange;
  };
  export default produce;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeBuffer(bytes: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  /** CRC-32C (Castagnoli), without a sign. */
  export default function crc32c(covered: Buffer): number;
}

declare module 'kafkajs/src/broker/index.js' {
  /** One broker, and the connections to it. */
  export default class Broker {
    /** Versions of requests it knows, by their key. */
    readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
    readonly connectionPool: {
      send<Answer>(exchange: {
        readonly request: import('./client-request.ts').ClientRequest;
        readonly response: {
          readonly decode: (answer: Buffer) => Promise<Answer>;
          readonly parse: (answer: Answer) => Promise<Answer>;
        };
      }): Promise<Answer>;
    };
    describeGroups(options: { readonly groupIds: string[] }): Promise<{
      readonly groups: readonly import('./consumer-groups.ts').DescribedGroup[];
    }>;
  }
}
