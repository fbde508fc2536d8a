import { createTallyConsumer } from '../../lib/consumer/index.ts';
import { SCAN_HANDLERS } from './handlers.ts';
import { scanTally } from './tally.ts';

export const handler = createTallyConsumer('analytics-events', scanTally(), SCAN_HANDLERS);
