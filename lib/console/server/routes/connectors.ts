import { Hono } from 'hono';
import { connectPlaces } from '../../../local/connect-places.ts';
import { readExtras } from '../../../local/state.ts';
import {
  listConnectors,
  openWorker,
  requireConnector,
  type Worker,
  whyFailed,
  withoutTraces,
} from '../../../operations/connectors/index.ts';
import { faultOf, type Slot, slotsAt } from '../../../operations/database/index.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { bodyOf, type Input } from '../input.ts';
import type { Connectors, ShownConnector } from './connectors-types.ts';

/** What is done to a connector, by the last step of the path. */
const CHANGES: Readonly<Record<string, (worker: Worker, name: string, body: Input) => Promise<void>>> = {
  pause: (worker, name) => worker.pause(name),
  resume: (worker, name) => worker.resume(name),
  restart: (worker, name, body) => worker.restart(name, body.flag('onlyFailed')),
};

const NONE: Connectors = { isPart: false, connectors: [], slotFault: null };

/** `/api/connectors`: list, one with its traces, pause, resume, restart. */
export const connectorRoutes = ({ stack }: ConsoleContext): Hono => {
  const routes = new Hono()
    .get('/', async (c) => {
      const { paths, ports } = await stack();
      if (!(await readExtras(paths)).includes('connect')) return c.json(NONE);
      const { connectUrl, databaseUrl } = connectPlaces(ports);
      const [found, slots] = await Promise.all([listConnectors(openWorker(connectUrl)), slotsAt(databaseUrl)]);
      const answer: Connectors = {
        isPart: true,
        connectors: found.map((each) => ({
          ...withoutTraces(each),
          why: whyFailed(each),
          slot: slotOf(each.name, slots),
        })),
        slotFault: faultOf(slots ?? []) ?? null,
      };
      return c.json(answer);
    })
    .get('/:name', async (c) => {
      const { connectUrl, databaseUrl } = connectPlaces((await stack()).ports);
      const connector = await requireConnector(openWorker(connectUrl), nameIn(c.req.param('name')));
      const shown: ShownConnector = { ...connector, slot: slotOf(connector.name, await slotsAt(databaseUrl)) };
      return c.json(shown);
    });
  for (const [change, act] of Object.entries(CHANGES)) {
    routes.post(`/:name/${change}`, async (c) => {
      const body = await bodyOf(c);
      const name = nameIn(c.req.param('name'));
      const worker = openWorker(connectPlaces((await stack()).ports).connectUrl);
      await requireConnector(worker, name);
      await act(worker, name, body);
      return c.json({ name });
    });
  }
  return routes;
};

/** A slot has the name of the connector that reads by it. */
const slotOf = (name: string, slots: readonly Slot[] | null): Slot | null =>
  slots?.find((slot) => slot.name === name) ?? null;
