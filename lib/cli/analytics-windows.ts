import { KEPT_SECONDS, LATEST } from '../../handlers/analytics-events/analytics-state.ts';
import { WINDOWS } from '../catalog/index.ts';
import type { Windows } from '../operations/capacity/index.ts';

const SECOND = 1_000;

/** How long analytics stay in the cache, as the handler of scans has it. */
export const ANALYTICS_WINDOWS: Windows = {
  minute: WINDOWS.minute.keptMs / SECOND,
  hour: WINDOWS.hour.keptMs / SECOND,
  day: WINDOWS.day.keptMs / SECOND,
  total: KEPT_SECONDS.total,
  latest: KEPT_SECONDS.latest,
  latestScans: LATEST,
  salt: KEPT_SECONDS.salt,
  touched: KEPT_SECONDS.touched,
};
