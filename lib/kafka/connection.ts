// For every project that sees this module, whatever it includes.
/// <reference path="./kafkajs-internals.d.ts" />
import errors from 'kafkajs/src/errors.js';
import Connection from 'kafkajs/src/network/connection.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** As kafkajs has it: how often requests without an answer are looked through, milliseconds. */
const LOOK_MS = 100;
/** Bytes of the size that stands before each answer. */
const SIZE_BYTES = 4;

/**
 * Makes every request to a broker end: with its answer, or with an error within its timeout. In kafkajs 2.2.4 some never do,
 * and a consumer that waits for one neither fetches nor commits again, without a word in its log:
 *
 * - A connection that is made again keeps the half of an answer that had come when it broke. The rest never comes, and all
 *   later answers are read from the wrong place. Each connection begins with nothing read.
 * - Two callers who find a connection closed each open a socket. They share one.
 * - A socket that ends late closes the connection made after it. Only the socket of today is listened to.
 * - A request in flight when its socket is gone is not always given up, and its clock stops when the connection begins to
 *   close. It fails with the socket, and the clock stops with the last request.
 * - A connection on which a request has timed out stays, and the next requests wait on it as long. It is dropped, as the Java
 *   client does ("due to request timeout").
 */
export const boundRequests = (): void => {
  const { connect, send } = Connection.prototype;
  const underWay = new WeakMap<Connection, Promise<boolean>>();

  Connection.prototype.connect = function () {
    if (this.isConnected()) return Promise.resolve(true);
    const known = underWay.get(this);
    if (known) return known;
    retire(this);
    const connecting = new Promise<boolean>((resolve, reject) => {
      connect.call(this).then(resolve, reject);
      const { socket } = this;
      socket?.once('close', () => {
        if (this.socket !== socket) return;
        const error = closed(this, 'Closed connection');
        reject(error);
        this.rejectRequests(error);
      });
    }).finally(() => underWay.delete(this));
    underWay.set(this, connecting);
    return connecting;
  };

  Connection.prototype.send = async function (exchange) {
    const { socket } = this;
    try {
      return await send.call(this, exchange);
    } catch (error) {
      if (error instanceof errors.KafkaJSRequestTimeoutError && this.socket === socket) drop(this, error);
      throw error;
    }
  };

  RequestQueue.prototype.scheduleRequestTimeoutCheck = function () {
    clearInterval(this.requestTimeoutIntervalId);
    if (!this.enforceRequestTimeout) return;
    const clock = setInterval(
      () => {
        const now = Date.now();
        for (const request of [...this.inflight.values()]) {
          if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
        }
        if (this.inflight.size === 0 && !this.isConnected()) clearInterval(clock);
      },
      Math.min(this.requestTimeout, LOOK_MS),
    );
    this.requestTimeoutIntervalId = clock;
  };

  const { destroy } = RequestQueue.prototype;
  RequestQueue.prototype.destroy = function () {
    if (this.inflight.size === 0 && this.pending.length === 0) destroy.call(this);
  };
};

/** Lets go of the socket of before, and of what it had begun to say. */
const retire = (connection: Connection): void => {
  const { socket } = connection;
  if (socket) {
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.destroy();
  }
  connection.chunks = [];
  connection.bytesBuffered = 0;
  connection.bytesNeeded = SIZE_BYTES;
};

/** Closes a connection that does not answer. What else waits on it fails at once, and is sent again on another. */
const drop = (connection: Connection, cause: Error): void => {
  connection.rejectRequests(closed(connection, cause.message));
  void connection.disconnect();
};

const closed = ({ host, port }: Connection, why: string): Error =>
  new errors.KafkaJSConnectionClosedError(why, { host, port });
