import { DIMENSION_NAMES, type Dimension, type Scan } from './scan.ts';

/** One of the newest scans. */
export interface LatestScan {
  readonly id: string;
  readonly qrId: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly city: string | null;
  readonly values: Readonly<Record<Dimension, string>>;
}

const written = new WeakMap<Scan, string>();

/** A scan as a member of the latest ones: a list, which is half as long as an object. Its code and its owner have the same. */
export const latestMember = (scan: Scan): string => {
  const known = written.get(scan);
  if (known !== undefined) return known;
  const { id, qrId, city, values } = scan;
  const member = JSON.stringify([id, qrId, city, ...DIMENSION_NAMES.map((dimension) => values[dimension])]);
  written.set(scan, member);
  return member;
};

/** @param at milliseconds since 1970 */
export const latestFrom = (member: string, at: number): LatestScan => {
  const [id, qrId, city, country, device, referrer, os, browser, action]: string[] = JSON.parse(member);
  const text = (value: string | undefined): string => value ?? '';
  return {
    id: text(id),
    qrId: qrId ?? null,
    at: new Date(at).toISOString(),
    city: city ?? null,
    values: {
      country: text(country),
      device: text(device),
      referrer: text(referrer),
      os: text(os),
      browser: text(browser),
      action: text(action),
    },
  };
};
