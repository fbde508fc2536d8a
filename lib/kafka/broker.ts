import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf, StreamError, TransientError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { mskToken } from './msk-iam.ts';
import { bytes, int16, int32, type Reader, readerOf, string } from './wire.ts';

/** A request that kafkajs does not know, in a version without flexible fields. */
export interface BrokerRequest<Answer> {
  /** https://kafka.apache.org/protocol, "Api Keys". */
  readonly key: number;
  readonly version: number;
  readonly body: Buffer;
  readonly read: (reader: Reader) => Answer;
}

/** Sends one request after the other to a broker. */
export type Ask = <Answer>(request: BrokerRequest<Answer>) => Promise<Answer>;

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const TIMEOUT_MS = 10_000;
const CLIENT = 'stream-manager';
/** More than any answer asked for here; a length beyond it means that something else answers at the port. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const open = ({ host, port }: BrokerAddress, secure: boolean): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = secure ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    // It stays: whoever is not waiting for an answer learns of it with the next request.
    socket.on('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket));
  });

/** The next answer on a socket: a length, then so many bytes. */
const answerOn = async (socket: Socket): Promise<Buffer> => {
  let parts: Buffer[] = [];
  let have = 0;
  let wanted = 4;
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    parts.push(part);
    have += part.length;
    if (have < wanted) continue;
    const whole = Buffer.concat(parts);
    parts = [whole];
    const size = whole.readInt32BE();
    if (size < 4 || size > MAX_ANSWER_BYTES) throw new Error('what answers there is no Kafka broker');
    wanted = size + 4;
    if (have >= wanted) return whole.subarray(4, wanted);
  }
  throw new Error('the connection was closed');
};

const silent = ({ host, port }: BrokerAddress, cause: unknown): TransientError =>
  new TransientError('BROKER_UNAVAILABLE', `The broker at ${host}:${port} does not answer: ${messageOf(cause)}.`, {
    next: 'See ./stream-manager.sh health',
    cause,
  });

const askOn = (socket: Socket, address: BrokerAddress): Ask => {
  let correlation = 0;
  return async ({ key, version, body, read }) => {
    try {
      correlation += 1;
      const request = Buffer.concat([int16(key), int16(version), int32(correlation), string(CLIENT), body]);
      socket.write(bytes(request));
      const reader = readerOf(await answerOn(socket));
      if (reader.int32() !== correlation) throw new Error('the answer is to another request');
      return read(reader);
    } catch (error) {
      throw error instanceof StreamError ? error : silent(address, error);
    }
  };
};

const refusedIf = (code: number, said: string | null): void => {
  if (code !== 0) throw new StreamError('REFUSED', `The broker does not accept who we are: ${said ?? `code ${code}`}.`);
};

/** SASL/OAUTHBEARER with a token of Amazon MSK (RFC 7628, section 3.1). */
const logIn = async (ask: Ask): Promise<void> => {
  await ask({
    ...{ key: 17, version: 1, body: string('OAUTHBEARER') },
    read: (reader) => refusedIf(reader.int16(), 'it knows no OAUTHBEARER'),
  });
  await ask({
    ...{ key: 36, version: 1, body: bytes(Buffer.from(`n,,\u0001auth=Bearer ${await mskToken()}\u0001\u0001`)) },
    read: (reader) => refusedIf(reader.int16(), reader.string()),
  });
};

/** A connection to one broker, kept open for several requests. */
export interface BrokerConnection {
  readonly ask: Ask;
  close(): void;
}

/**
 * Connects to a broker, and logs in where it wants that.
 *
 * @throws StreamError REFUSED when the broker does not let us in; TransientError BROKER_UNAVAILABLE
 */
export const openBroker = async (
  { kafkaAuth }: Pick<Settings, 'kafkaAuth'>,
  address: BrokerAddress,
): Promise<BrokerConnection> => {
  const socket = await open(address, kafkaAuth === 'iam').catch((error: unknown) => {
    throw silent(address, error);
  });
  const connection = { ask: askOn(socket, address), close: () => void socket.destroy() };
  try {
    if (kafkaAuth === 'iam') await logIn(connection.ask);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

/**
 * Runs `work` with a connection to one broker, and closes it whatever happens.
 *
 * @throws StreamError REFUSED when the broker does not let us in; TransientError BROKER_UNAVAILABLE; what `work` throws
 */
export const onBroker = async <Result>(
  settings: Pick<Settings, 'kafkaAuth'>,
  address: BrokerAddress,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> => {
  const { ask, close } = await openBroker(settings, address);
  try {
    return await work(ask);
  } finally {
    close();
  }
};
