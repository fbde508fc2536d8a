import { ByteLengthQueuingStrategy, ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { type ClosingReason, closingText, openingText } from '../sse.ts';

/** How long a closed connection may take to hand over what it still holds, milliseconds. */
const DRAIN_MS = 10_000;

/** One client that reads. */
export interface Connection {
  /** The body of its response. */
  readonly body: ReadableStream<Uint8Array>;
  /** Id of the last entry it was given. */
  cursor: string;
  /** Whether it takes more; it then says `onRoom` when it does again. */
  hasRoom(): boolean;
  /** Puts a text into its buffer, whether there is room or not. */
  send(text: string): void;
  /** Milliseconds since it last had room; 0 while it has. */
  fullForMs(): number;
  /**
   * Tells the client why and ends the response after what is in the buffer.
   *
   * @param retryMs after how long the client is to come back, milliseconds
   */
  close(reason: ClosingReason, retryMs: number): void;
}

export interface ConnectionOptions {
  /** Id of the entry after which it begins. */
  readonly cursor: string;
  /** What it may hold that the client has not taken yet; one more text may exceed it. */
  readonly bufferBytes: number;
  /** There is room again after {@link Connection.hasRoom} said no. */
  readonly onRoom: () => void;
  /** It is over, for whatever reason; called once. */
  readonly onEnd: () => void;
}

/**
 * A connection's side of the response: a buffer with a bound. Nothing is read from Redis for a connection whose buffer is full,
 * so that a client that takes nothing costs no more than that.
 */
export const openConnection = ({ cursor, bufferBytes, onRoom, onEnd }: ConnectionOptions): Connection => {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isOpen = true;
  let fullSince: number | undefined;
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    onEnd();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (own) => {
        controller = own;
        own.enqueue(encoder.encode(openingText(cursor)));
      },
      pull: () => {
        if (fullSince === undefined) return;
        fullSince = undefined;
        onRoom();
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
  );
  return {
    body,
    cursor,
    hasRoom: () => {
      const has = isOpen && (controller?.desiredSize ?? 0) > 0;
      if (!has) fullSince ??= performance.now();
      return has;
    },
    send: (text) => {
      if (isOpen) controller?.enqueue(encoder.encode(text));
    },
    fullForMs: () => (fullSince === undefined ? 0 : performance.now() - fullSince),
    close: (reason, retryMs) => {
      if (!isOpen) return;
      controller?.enqueue(encoder.encode(closingText(reason, retryMs)));
      controller?.close();
      end();
      // Where the client takes nothing the end would never come; where it has come this does nothing.
      setTimeout(() => controller?.error(new Error(`closed: ${reason}`)), DRAIN_MS).unref();
    },
  };
};
