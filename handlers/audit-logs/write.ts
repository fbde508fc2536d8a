import type { Delivered, PartitionHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { findHead, markHead } from './chain-head.ts';
import { missingOf } from './presence.ts';
import { recall, recalledOf } from './recalled.ts';
import { withoutSecrets } from './redaction.ts';
import { type AuditRecord, linkOf, segmentOf } from './segment.ts';

const isAudit = (event: EventOf): event is EventOf<'audit.recorded'> => event.eventType === 'audit.recorded';

const recordOf = ({ event, record: { offset } }: Delivered): AuditRecord => {
  if (!isAudit(event)) {
    throw new PermanentError('UNKNOWN_EVENT_TYPE', `${event.eventType} is no audit record.`);
  }
  const { eventId, timestamp, source, correlationId, causationId, payload } = event;
  return {
    offset,
    eventId,
    timestamp,
    source,
    correlationId: correlationId ?? null,
    causationId: causationId ?? null,
    tenantId: payload.tenantId ?? null,
    actor: payload.actor,
    action: payload.action,
    resource: payload.resource,
    before: withoutSecrets(payload.before ?? null),
    after: withoutSecrets(payload.after ?? null),
    ipHash: payload.ipHash ?? null,
    at: payload.at,
  };
};

/**
 * Writes the audit records of a batch as the next segment of their partition. What an earlier try has written is known by
 * its offset and event, however the records were batched then; what Redis has forgotten of it, by the event. A segment is written only where there is none: an earlier
 * invocation, thought to be dead, may still be writing one that begins at the same record, and then what it has written counts.
 */
export const writeSegments =
  (prefix: string): PartitionHandler =>
  async (events, { redis, objects, partition, signal }) => {
    const records = events.map(recordOf);
    for (;;) {
      const { link: head, unmarked } = await findHead(redis, objects, prefix, partition);
      // Before the mark moves on, and nobody knows any more that it was behind.
      if (unmarked.length > 0) await recall({ redis, objects }, prefix, partition, unmarked, Date.now());
      const absent = await missingOf(objects, prefix, partition, head, records);
      const ids = absent.flatMap(({ eventId }) => (typeof eventId === 'string' ? [eventId] : []));
      const recalled = await recalledOf(redis, prefix, partition, ids);
      const missing = absent.filter(({ eventId }) => typeof eventId !== 'string' || !recalled.has(eventId));
      if (missing.length === 0) {
        if (head.key !== '') await markHead(redis, prefix, partition, head);
        return;
      }
      const segment = segmentOf(prefix, partition, missing, head);
      signal.throwIfAborted();
      if (!(await objects.putNew(segment.key, segment.bytes, { contentType: 'application/gzip' }))) continue;
      await markHead(redis, prefix, partition, linkOf(segment));
      return;
    }
  };
