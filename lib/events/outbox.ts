import type { Settings } from '../settings.ts';
import { type Codec, openCodec } from './codec.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { type EventHeaders, recordOf } from './outbound.ts';
import { HEADER, headerText } from './record.ts';
import { openRegistry } from './registry.ts';

/**
 * One connection to the database, of whatever client a service uses; `pg`'s Client fits, and what `pool.connect()` gives.
 * A pool itself does not: each of its questions may go over another connection, and so out of the transaction.
 */
export interface OutboxConnection {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Adds events to the transaction under way; they are published when it commits, and only then. */
export type AddEvents = (...events: readonly (AnyEvent | EventOf)[]) => Promise<void>;

/** Publishes by way of the service's own database: its change and the event are in one transaction, or neither is. */
export interface Outbox {
  /**
   * Begins a transaction, does the work, and commits it with the events that were added; rolls both back when it throws.
   *
   * @param work changes the service's tables over the same connection; `add` may be called several times
   * @throws what `work` throws; PermanentError and TransientError as {@link Outbox.add}; the database's own errors
   */
  transaction<Result>(
    connection: OutboxConnection,
    work: (add: AddEvents) => Promise<Result>,
    more?: EventHeaders,
  ): Promise<Result>;
  /**
   * Adds events to a transaction that the caller has begun and ends.
   *
   * @throws PermanentError INVALID_EVENT, UNKNOWN_EVENT_TYPE, SCHEMA_UNKNOWN; TransientError REGISTRY_UNAVAILABLE
   */
  add(connection: OutboxConnection, events: readonly (AnyEvent | EventOf)[], more?: EventHeaders): Promise<void>;
}

/** The columns that connect/migrations/001-outbox.sql does not fill by itself. */
const INSERT = `INSERT INTO outbox (id, topic, key, event_type, payload, correlation_id, content_type, traceparent)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/**
 * The outbox of a database that has its table (`connectors migrate`). The schema registry is asked once for each event
 * type; brokers are not needed.
 *
 * @param codec what turns events into values, for who has one already
 */
export const openOutbox = (
  settings: Pick<Settings, 'registryUrl'>,
  codec: Codec = openCodec(openRegistry(settings)),
): Outbox => {
  const add: Outbox['add'] = async (connection, events, more = {}) => {
    for (const event of events) {
      const { topic, key, value, headers } = await recordOf(codec, event, more);
      await connection.query(INSERT, [
        event.eventId,
        topic,
        key?.toString('utf8'),
        event.eventType,
        value,
        headerText(headers, HEADER.correlationId),
        headerText(headers, HEADER.contentType),
        headerText(headers, HEADER.traceparent),
      ]);
    }
  };
  return {
    add,
    transaction: async (connection, work, more) => {
      await connection.query('BEGIN');
      try {
        const result = await work((...events) => add(connection, events, more));
        await connection.query('COMMIT');
        return result;
      } catch (error) {
        // A connection that is gone cannot roll back, and need not: the server does.
        await connection.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
  };
};
