import { messageOf, StreamError } from '../../errors.ts';

/** What a connector is to do, as Kafka Connect takes it: names and values, all of them text. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** `RUNNING`, `PAUSED`, `STOPPED`, `FAILED`, `UNASSIGNED`, `RESTARTING`: Connect's own words. */
export interface Task {
  readonly id: number;
  readonly state: string;
  /** Where and why it failed: a Java stack trace. */
  readonly trace?: string;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly type: string;
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly Task[];
}

/** What Connect thinks of a configuration, field by field. */
export interface Validation {
  readonly configs: readonly { readonly value: { readonly name: string; readonly errors: readonly string[] } }[];
}

/** A Kafka Connect worker, by its REST API (Kafka's documentation, "Kafka Connect REST API"). */
export interface Worker {
  /** Names, configurations and states of all connectors. */
  connectors(): Promise<
    Readonly<Record<string, { readonly info: { readonly config: ConnectorConfig }; readonly status: ConnectorStatus }>>
  >;
  /** Placeholders are filled from the worker's environment for it, and connections are tried. */
  validate(config: ConnectorConfig): Promise<Validation>;
  /** Makes the connector, or gives it another configuration. */
  put(name: string, config: ConnectorConfig): Promise<void>;
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  /** Ends its tasks; it is there still, and knows where it was. */
  stop(name: string): Promise<void>;
  /** Forgets where a stopped connector was (KIP-875). */
  deleteOffsets(name: string): Promise<void>;
  /** @param onlyFailed the parts that have failed; all of it otherwise */
  restart(name: string, onlyFailed: boolean): Promise<void>;
  delete(name: string): Promise<void>;
}

/** Validation tries connections, and has its own limit. */
const TIMEOUT_MS = 30_000;
/** A worker that is joining its group answers 409 meanwhile. */
const BUSY = 409;
const BUSY_TRIES = 20;
const BUSY_WAIT_MS = 500;

/**
 * @param url base of the REST API
 * @throws StreamError (each call) SERVICE_FAILED when the worker is out of reach, REFUSED with its own reason,
 *   NOT_FOUND for a connector there is none of
 */
export const openWorker = (url: string): Worker => {
  const ask = async (method: string, path: string, body?: unknown, tries = BUSY_TRIES): Promise<string> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((error: unknown) => {
      throw new StreamError('SERVICE_FAILED', `Kafka Connect does not answer at ${url}.`, {
        next: 'Start it: ./stream-manager.sh start --with connect',
        cause: error,
      });
    });
    const text = await answer.text();
    if (answer.ok) return text;
    if (answer.status === BUSY && tries > 1) {
      await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
      return ask(method, path, body, tries - 1);
    }
    const code = answer.status === 404 ? 'NOT_FOUND' : 'REFUSED';
    throw new StreamError(code, `Kafka Connect says: ${reasonIn(text) ?? `status ${answer.status}`}`);
  };
  const at = (name: string): string => `/connectors/${encodeURIComponent(name)}`;
  return {
    connectors: async () => JSON.parse(await ask('GET', '/connectors?expand=info&expand=status')),
    validate: async (config) => {
      const plugin = encodeURIComponent(config['connector.class'] ?? '');
      return JSON.parse(await ask('PUT', `/connector-plugins/${plugin}/config/validate`, config));
    },
    put: async (name, config) => {
      await ask('PUT', `${at(name)}/config`, config);
    },
    pause: async (name) => {
      await ask('PUT', `${at(name)}/pause`);
    },
    resume: async (name) => {
      await ask('PUT', `${at(name)}/resume`);
    },
    stop: async (name) => {
      await ask('PUT', `${at(name)}/stop`);
    },
    deleteOffsets: async (name) => {
      await ask('DELETE', `${at(name)}/offsets`);
    },
    restart: async (name, onlyFailed) => {
      await ask('POST', `${at(name)}/restart?includeTasks=true&onlyFailed=${onlyFailed}`);
    },
    delete: async (name) => {
      await ask('DELETE', at(name));
    },
  };
};

/** The first sentence of what Connect says in an error's body. */
const reasonIn = (text: string): string | undefined => {
  try {
    const { message }: { readonly message?: string } = JSON.parse(text);
    return message?.split('\n')[0];
  } catch (error) {
    return text === '' ? undefined : messageOf(error);
  }
};
