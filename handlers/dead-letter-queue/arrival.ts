/**
 * When a record came onto the queue, ISO 8601, UTC. The producer sets a record's time, and it may be anything: one that
 * is before 1970, still to come or no time at all is taken for the present, because dead letters are sorted by it and
 * expire by it.
 *
 * @param timestamp milliseconds since 1970, as the record says
 */
export const arrivalOf = (timestamp: number): string => {
  const now = Date.now();
  return new Date(timestamp > 0 && timestamp <= now ? timestamp : now).toISOString();
};
