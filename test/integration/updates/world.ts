import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import type { RedisSettings } from '../../../lib/settings.ts';
import { openUpdatesClient, type Update, type UpdatesClientOptions } from '../../../lib/updates/client/index.ts';
import { issueUpdatesToken, openUpdates, type UpdatesOptions } from '../../../lib/updates/index.ts';

export const SECRET = randomUUID();

const addressOf = (server: ServerType): AddressInfo => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  return address;
};

/** A server with nothing but the API. @param port any free one unless given */
export const openServer = async (redis: RedisSettings, options: Partial<UpdatesOptions> = {}, port = 0) => {
  const updates = openUpdates({ redis, secret: SECRET, ...options });
  const app = new Hono().route('/updates', updates.app);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const { port: own } = addressOf(server);
  return {
    updates,
    port: own,
    url: `http://127.0.0.1:${own}/updates`,
    /** As a network does it that fails. */
    cut: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
    close: async () => {
      updates.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), 200);
      await closed;
    },
  };
};

/** A browser of a user, and what it has seen. */
export const openBrowser = (url: string, userId: string, options: Partial<UpdatesClientOptions> = {}) => {
  const seen: Update[] = [];
  const states: string[] = [];
  const counts = { gaps: 0 };
  const client = openUpdatesClient({
    url,
    token: () => issueUpdatesToken(userId, SECRET),
    onUpdate: (update) => seen.push(update),
    onGap: () => {
      counts.gaps += 1;
    },
    onState: (state) => states.push(state),
    ...options,
  });
  return { client, seen, states, counts };
};

/** What a connection says, byte for byte, until `enough` says so or the server ends it. */
export const readRaw = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  enough: (text: string) => boolean = () => false,
): Promise<string> => {
  const cut = new AbortController();
  const response = await fetch(url, { headers, signal: cut.signal });
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (enough(text)) break;
  }
  cut.abort();
  return text;
};

export const bearer = async (userId: string): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await issueUpdatesToken(userId, SECRET)}`,
});
