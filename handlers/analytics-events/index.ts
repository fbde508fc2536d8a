import { createAggregateConsumer } from '../../lib/consumer/index.ts';
import { scanAggregation } from './aggregation.ts';
import { SCAN_HANDLERS } from './handlers.ts';

export const handler = createAggregateConsumer('analytics-events', scanAggregation(), SCAN_HANDLERS);
