import { topic } from '../../lib/catalog/index.ts';
import { createConsumer, openConnections } from '../../lib/consumer/index.ts';
import { eraseWith } from './erasure.ts';
import { REGISTRY } from './registry.ts';
import { schedulePlace } from './schedule-place.ts';
import { STEPS } from './steps.ts';
import { sweepWith } from './sweep.ts';

const connections = openConnections(topic('data-retention'));
const reserveMs = 20_000;

export const handler = createConsumer(
  'data-retention',
  {
    'retention.sweep.requested': sweepWith({ steps: STEPS, reserveMs }),
    'user.erasure.requested': eraseWith({
      // First what would bring data back.
      places: [schedulePlace(connections), ...Object.values(REGISTRY).flat()],
      reserveMs,
      now: Date.now,
    }),
  },
  { connect: () => connections },
);
