import { connect } from 'node:net';
import type { Database } from '../operations/database/index.ts';
import { askedHttp } from './asked-http.ts';
import { DATABASE, databaseUrl } from './database.ts';

/** Finds out whether a service answers: undefined when it does, else why not. */
export type Probe = (port: number) => Promise<string | undefined>;

const TIMEOUT_MS = 2_000;
const HOST = '127.0.0.1';

/** Asks an address for an answer with status 200. */
export const http =
  (path: string): Probe =>
  async (port) => {
    try {
      const { status } = await askedHttp(`http://${HOST}:${port}${path}`, TIMEOUT_MS);
      return status === 200 ? undefined : `it answers with status ${status}`;
    } catch {
      return 'it does not answer';
    }
  };

/** Asks the functions host, and passes on what it says of mappings and functions that are not well. */
export const functionsHost: Probe = async (port) => {
  try {
    const { text } = await askedHttp(`http://${HOST}:${port}/health`, TIMEOUT_MS);
    const { ready, mappings, functions }: HostHealth = JSON.parse(text);
    if (ready) return undefined;
    const unwell = [
      ...mappings.map(({ topic, state, detail }) => ({ name: `mapping of ${topic}`, state, detail })),
      ...functions.map(({ name, state, detail }) => ({ name: `function ${name}`, state, detail })),
    ].filter(({ state }) => !WELL.includes(state));
    return unwell.map(({ name, state, detail }) => `${name}: ${state}${detail ? ` (${detail})` : ''}`).join('; ');
  } catch {
    return 'it does not answer';
  }
};

const WELL = ['running', 'paused', 'idle', 'starting', 'ready'];

interface HostHealth {
  readonly ready: boolean;
  readonly mappings: readonly { readonly topic: string; readonly state: string; readonly detail?: string }[];
  readonly functions: readonly { readonly name: string; readonly state: string; readonly detail?: string }[];
}

/** Sends PING; a Redis that still loads its data answers with an error. */
export const redis: Probe = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: TIMEOUT_MS });
    const end = (fault: string | undefined): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      const text = answer.toString('latin1').trim();
      end(text.startsWith('+PONG') ? undefined : text.replace(/^-/, ''));
    });
    socket.once('error', () => end('it does not answer'));
    socket.once('timeout', () => end('it does not answer'));
    // Docker's proxy takes a connection before the server in the container does, and closes it.
    socket.once('close', () => end('it does not answer'));
  });

/** Asks for the cluster's description: the broker is there and has a controller. */
export const kafka: Probe = async (port) => {
  // Commands that ask nothing of Kafka do not load its client.
  const { openKafka } = await import('../kafka/index.ts');
  const admin = openKafka({ brokers: [`${HOST}:${port}`] }, { clientId: 'qr-health', retries: 0 }).admin();
  try {
    await admin.connect();
    const { controller } = await admin.describeCluster();
    return controller === null ? 'it has no controller' : undefined;
  } catch {
    return 'it does not answer';
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

/** Asks a Kafka Connect worker what its connectors and their tasks do, and passes on which of them have failed. */
export const connectors: Probe = async (port) => {
  try {
    const { status, text } = await askedHttp(`http://${HOST}:${port}/connectors?expand=status`, TIMEOUT_MS);
    if (status !== 200) return `it answers with status ${status}`;
    const known: Readonly<Record<string, ConnectorHealth>> = JSON.parse(text);
    const failed = Object.entries(known).flatMap(([name, { status: told }]) => {
      const states = [told.connector, ...told.tasks].map(({ state }) => state);
      return states.includes('FAILED') ? [name] : [];
    });
    return failed.length === 0 ? undefined : `failed: ${failed.join(', ')}; ./stream-manager.sh connectors status NAME`;
  } catch {
    return 'it does not answer';
  }
};

interface ConnectorHealth {
  readonly status: {
    readonly connector: { readonly state: string };
    readonly tasks: readonly { readonly state: string }[];
  };
}

/** Connects to the server: one that still recovers refuses, and says so. */
export const postgres: Probe = (port) => askedOf(port, 'postgres', async () => undefined);

/** Connects to the stack's database, and tells when the reader of a slot has fallen far behind. */
export const slots: Probe = async (port) => {
  const { faultOf, slotsOf } = await import('../operations/database/slots.ts');
  return askedOf(port, DATABASE.name, async (db) => faultOf(await slotsOf(db)));
};

const askedOf = async (
  port: number,
  name: string,
  ask: (db: Database) => Promise<string | undefined>,
): Promise<string | undefined> => {
  try {
    const { withDatabase } = await import('../operations/database/client.ts');
    return await withDatabase(databaseUrl(port, HOST, name), ask);
  } catch {
    return 'it does not answer';
  }
};
