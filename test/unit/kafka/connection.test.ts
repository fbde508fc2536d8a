import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Logger } from 'kafkajs';
import errors from 'kafkajs/src/errors.js';
import Connection from 'kafkajs/src/network/connection.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cureKafkajs } from '../../../lib/kafka/cures.ts';
import { until } from '../../support/until.ts';

beforeAll(cureKafkajs);

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const silent: Logger = {
  namespace: () => silent,
  setLogLevel: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A broker that does with each request what the test says, and a connection to it that waits a second for an answer. */
const broker = async (answer: (socket: Socket, correlationId: number, turn: number) => void) => {
  const sockets: Socket[] = [];
  let turn = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += 4 + bytes.readInt32BE(at)) {
        turn += 1;
        // Behind size, key and version.
        answer(socket, bytes.readInt32BE(at + 8), turn);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new Connection({
    host: '127.0.0.1',
    port,
    logger: silent,
    socketFactory: ({ host, port: to, onConnect }) => connect({ host, port: to }, onConnect),
    requestTimeout: 1_000,
    connectionTimeout: 1_000,
  });
  closers.push(() => {
    void connection.disconnect();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { connection, sockets, asked: () => turn };
};

const answerTo = (correlationId: number, text: string): Buffer => {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, body]);
};

/** Asks over a connection that is made when there is none, as kafkajs's pool does. */
const ask = async (connection: Connection): Promise<unknown> => {
  await connection.connect();
  return connection.send({
    request: { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions', encode: async () => new Encoder() },
    response: {
      decode: async (answer) => ({ text: answer.toString() }),
      parse: async (answer) => ('text' in answer ? answer.text : undefined),
    },
  });
};

describe('a connection to a broker', () => {
  it('that is made again does not go on with half an answer of before', async () => {
    const { connection } = await broker((socket, id, turn) => {
      if (turn === 1) socket.end(answerTo(id, 'never whole').subarray(0, 9));
      else socket.write(answerTo(id, 'whole'));
    });
    await expect(ask(connection)).rejects.toBeInstanceOf(errors.KafkaJSConnectionClosedError);
    await expect(ask(connection)).resolves.toBe('whole');
  });

  it('is one socket, however many look for it', async () => {
    const { connection, sockets } = await broker((socket, id) => socket.write(answerTo(id, 'yes')));
    await expect(Promise.all([ask(connection), ask(connection), ask(connection)])).resolves.toEqual(
      Array(3).fill('yes'),
    );
    expect(sockets).toHaveLength(1);
  });

  it('is not closed by the end of the socket before it', async () => {
    const { connection, sockets } = await broker((socket, id) => socket.write(answerTo(id, 'yes')));
    await ask(connection);
    const before = connection.socket;
    await connection.disconnect();
    await ask(connection);
    before?.emit('end');
    await expect(ask(connection)).resolves.toBe('yes');
    expect(sockets).toHaveLength(2);
  });

  it('fails what is in flight when its socket is gone, also while it closes', async () => {
    const { connection, asked } = await broker(() => undefined);
    const waiting = ask(connection).catch((error: unknown) => error);
    await until('a request is in flight', () => asked() === 1);
    void connection.disconnect();
    connection.socket?.destroy();
    expect(await waiting).toBeInstanceOf(errors.KafkaJSConnectionClosedError);
  });

  it('ends a request that is never answered while it closes, and what follows goes over another socket', async () => {
    const { connection, sockets, asked } = await broker((socket, id, turn) => {
      if (turn > 1) socket.write(answerTo(id, 'yes'));
    });
    const waiting = ask(connection).catch((error: unknown) => error);
    await until('a request is in flight', () => asked() === 1);
    void connection.disconnect();
    expect(await waiting).toBeInstanceOf(errors.KafkaJSRequestTimeoutError);
    await expect(ask(connection)).resolves.toBe('yes');
    expect(sockets).toHaveLength(2);
  });
});
