import { ignore } from '../../lib/consumer/index.ts';
import { rollUp } from './rollup.ts';

/** What is done with the events of the topic that are not counted; the rows are for the database. */
export const SCAN_HANDLERS = {
  'analytics.rollup.requested': rollUp(),
  'analytics.rollup.updated': ignore,
};
