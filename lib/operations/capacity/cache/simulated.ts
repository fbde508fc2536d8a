import type { ScanStyle } from './activity.ts';
import { DAY } from './kind.ts';

/** How scans are on a simulated day (lib/operations/simulation/stories/scanning.ts). */
export const SIMULATED_STYLE: ScanStyle = {
  ofCodes: 0.99,
  bots: 0.08,
  late: 0.02,
  lateSeconds: DAY / 4,
  campaigns: { share: 0.02, scans: 175 },
  // 254 addresses with one of five telephones and computers each.
  visitors: 254 * 5,
  values: { country: 5, device: 3, referrer: 4, os: 3, browser: 4, action: 1 },
};

/** Characters of an id, such as `qr-8540be-1853`. */
export const SIMULATED_ID_LENGTH = 15;
