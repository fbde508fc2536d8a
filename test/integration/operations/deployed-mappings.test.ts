import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TopicName } from '../../../lib/catalog/index.ts';
import { whileDisabled } from '../../../lib/operations/repair/index.ts';

/** What the mappings of a test are, by their id; `Enabling` and `Disabling` pass with the next look. */
type States = Record<string, string>;

/**
 * The Parameter Store and Lambda on loopback, in the words of their API references (GetParametersByPath,
 * GetEventSourceMapping, UpdateEventSourceMapping). A mapping that changes refuses another change.
 */
const account = async (parameters: Readonly<Record<string, string>>, states: States, refuses = false) => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const say = (status: number, answer: object, error?: string): void => {
      const type = error === undefined ? {} : { 'x-amzn-errortype': error };
      response.writeHead(status, { 'content-type': 'application/json', ...type }).end(JSON.stringify(answer));
    };
    const [, id] = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/.exec(request.url ?? '') ?? [];
    if (id === undefined) {
      const { Path }: { Path: string } = JSON.parse(body);
      const found = Object.entries(parameters).filter(([name]) => name.startsWith(`${Path}/`));
      say(200, { Parameters: found.map(([Name, Value]) => ({ Name, Value, Type: 'String' })) });
    } else if (refuses) {
      say(403, { message: 'not authorized to perform: lambda:GetEventSourceMapping' }, 'AccessDeniedException');
    } else if (request.method === 'PUT') {
      const { Enabled }: { Enabled: boolean } = JSON.parse(body);
      if (!['Enabled', 'Disabled'].includes(states[id] ?? '')) {
        say(409, { message: 'in use' }, 'ResourceInUseException');
        return;
      }
      asked.push(`${id} ${Enabled}`);
      states[id] = Enabled ? 'Enabling' : 'Disabling';
      say(202, { UUID: id, State: states[id] });
    } else {
      const State = states[id] ?? '';
      states[id] = { Enabling: 'Enabled', Disabling: 'Disabled' }[State] ?? State;
      say(200, { UUID: id, State });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  const url = `http://127.0.0.1:${address.port}`;
  for (const name of ['AWS_ENDPOINT_URL_LAMBDA', 'AWS_ENDPOINT_URL_SSM']) vi.stubEnv(name, url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return asked;
};

const closing: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) close();
});

const TOPICS: readonly TopicName[] = ['analytics-events', 'payment-events'];
const PARAMETERS = { '/qr/prod/mapping/analytics-events': 'a-1', '/qr/prod/mapping/payment-events': 'p-1' };
const mappings = { environment: 'prod', topics: TOPICS, lookMs: 5 } as const;

describe('the mappings of an environment', () => {
  it('are all disabled while something is done, and enabled afterwards', async () => {
    const states: States = { 'a-1': 'Enabled', 'p-1': 'Enabled' };
    await account(PARAMETERS, states);
    const meanwhile = await whileDisabled(mappings, async () => ({ ...states }));
    expect(meanwhile).toEqual({ 'a-1': 'Disabled', 'p-1': 'Disabled' });
    expect(states).toEqual({ 'a-1': 'Enabled', 'p-1': 'Enabled' });
  });

  it('are enabled when it fails', async () => {
    const states: States = { 'a-1': 'Enabled', 'p-1': 'Enabled' };
    await account(PARAMETERS, states);
    await expect(whileDisabled(mappings, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(states).toEqual({ 'a-1': 'Enabled', 'p-1': 'Enabled' });
  });

  it('that a repair has left disabled, or that change by themselves, are waited for and enabled', async () => {
    const states: States = { 'a-1': 'Disabled', 'p-1': 'Enabling' };
    const asked = await account(PARAMETERS, states);
    await whileDisabled(mappings, async () => undefined);
    expect(states).toEqual({ 'a-1': 'Enabled', 'p-1': 'Enabled' });
    expect(asked.filter((one) => one.startsWith('a-1'))).toEqual(['a-1 true']);
  });

  it('that the Parameter Store does not name are said to be missing, before anything is switched', async () => {
    const states: States = { 'a-1': 'Enabled' };
    const asked = await account({ '/qr/prod/mapping/analytics-events': 'a-1' }, states);
    await expect(whileDisabled(mappings, async () => undefined)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('payment-events'),
    });
    expect(asked).toEqual([]);
  });

  it('that one may not switch are refused with the rights that are missing', async () => {
    await account(PARAMETERS, {}, true);
    await expect(whileDisabled(mappings, async () => undefined)).rejects.toMatchObject({
      code: 'REFUSED',
      next: expect.stringContaining('lambda:UpdateEventSourceMapping'),
    });
  });
});
