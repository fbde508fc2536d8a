import type { Hono } from 'hono';
import { consoleApp } from '../../../lib/console/server/app.ts';
import type { ConsoleContext } from '../../../lib/console/server/context.ts';
import type { ConsoleSettings } from '../../../lib/local/console/settings.ts';
import { stackPaths } from '../../../lib/local/paths.ts';
import { portsFrom } from '../../../lib/local/ports.ts';
import { settingsOfPorts } from '../../../lib/local/stack-settings.ts';

const OPEN: ConsoleSettings = { address: '127.0.0.1', token: undefined, readOnly: false };

/** Nothing listens there: a route that gets past its checks answers that a component is silent. */
const NOWHERE = portsFrom(undefined, {
  QR_PORT_KAFKA: '9',
  QR_PORT_REDIS: '9',
  QR_PORT_SCHEMA_REGISTRY: '9',
  QR_PORT_AWS: '9',
});

/** A console without a stack. */
export const consoleFor = (access: Partial<ConsoleSettings> = {}): Hono => {
  const settings = settingsOfPorts(NOWHERE, {});
  const stack: ConsoleContext['stack'] = async () => ({
    settings,
    ports: NOWHERE,
    functionsUrl: 'http://127.0.0.1:9',
    paths: stackPaths('/nowhere', {}),
    health: async () => ({ healthy: false, engine: undefined, services: [] }),
  });
  const page = { html: '<!doctype html><title>page</title>', file: async () => undefined };
  return consoleApp({ stack, access: { ...OPEN, ...access } }, page);
};

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request as the page itself makes it, unless headers say otherwise. */
export const ask = async (app: Hono, path: string, { method = 'GET', headers = {}, body }: Asked = {}) => {
  const response = await app.request(`http://localhost:8090${path}`, {
    method,
    headers: { host: 'localhost:8090', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const json: Record<string, unknown> = isJson ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, json };
};

/** What lets a change pass. */
export const csrfOf = async (app: Hono, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  String((await ask(app, '/api/session', { headers })).json.csrf);

/** A change as the page makes it. */
export const changeOf = async (app: Hono, method: string, path: string, body: unknown = {}) =>
  ask(app, path, { method, body, headers: { 'x-qr-csrf': await csrfOf(app), 'sec-fetch-site': 'same-origin' } });
