const LEAST_MS = 1_000;
const MOST_MS = 6 * 60 * 60 * 1_000;

/**
 * How long an answer asks to wait, milliseconds, between a second and six hours (RFC 9110, section 10.2.3: seconds, or a
 * date). Undefined when it does not say, or not in a way that is understood.
 *
 * @param now milliseconds since 1970
 */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, LEAST_MS), MOST_MS);
};
