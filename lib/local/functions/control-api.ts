import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './body.ts';
import type { FunctionHealth } from './function.ts';
import type { Mapping, MappingHealth } from './mapping.ts';

/** What `GET /health` answers. */
export interface HostHealth {
  /** Every mapping has joined its group (or is paused by request), and no function has failed to initialise. */
  readonly ready: boolean;
  readonly mappings: readonly MappingHealth[];
  readonly functions: readonly FunctionHealth[];
}

export interface Controlled {
  health(): HostHealth;
  mapping(topic: string): Mapping | undefined;
  mappings(): readonly Mapping[];
}

const MAPPING_ROUTE = /^\/mappings\/([^/]+)\/(pause|resume)$/;

/**
 * The host's own API: `GET /health`, `GET /metrics.json`, `POST /mappings/TOPIC/pause` (answers once the consumer has left
 * its group) and `/resume`.
 *
 * @returns false when the request is not for it
 */
export const controlApi = async (
  request: IncomingMessage,
  response: ServerResponse,
  host: Controlled,
): Promise<boolean> => {
  const { method, url = '' } = request;
  const change = MAPPING_ROUTE.exec(url);
  if (method === 'GET' && url === '/health') {
    const health = host.health();
    answer(response, health.ready ? 200 : 503, health);
  } else if (method === 'GET' && url === '/metrics.json') {
    answer(response, 200, { mappings: host.mappings().map((mapping) => mapping.metrics()) });
  } else if (method === 'POST' && change) {
    const mapping = host.mapping(decodeURIComponent(change[1] ?? ''));
    if (!mapping) {
      answer(response, 404, { error: `no mapping for topic ${change[1]}: it has no function here` });
      return true;
    }
    await (change[2] === 'pause' ? mapping.pause() : mapping.resume());
    answer(response, 200, mapping.health());
  } else {
    return false;
  }
  return true;
};
