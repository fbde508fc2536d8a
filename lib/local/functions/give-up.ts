import { messageOf, PermanentError } from '../../errors.ts';
import { backoffMs, CHOICES } from './choices.ts';
import type { CounterName, Counters } from './counters.ts';
import type { GivenUp } from './delivery.ts';
import type { EventSource } from './event.ts';
import { type FailureMessage, failureMessage, type OnFailureDestination } from './on-failure.ts';
import type { SourceRecord } from './record.ts';
import { type Session, Stopped } from './session.ts';
import { pauseFor } from './waiting.ts';

/** Where given-up records go, and who is told. */
export interface GiveUpPort {
  readonly source: EventSource;
  readonly destination: OnFailureDestination;
  /** Takes what the destination can never take. */
  readonly lastResort: OnFailureDestination;
  readonly counters: Counters;
  /** Takes one line. */
  readonly log: (line: string) => void;
}

/**
 * Brings records to the on-failure destination, one after the other. A destination that fails is tried again until it
 * takes the record: nothing is committed that is not safe somewhere.
 *
 * @throws Stopped when the session ends before all of them are safe
 */
export const giveUp = async (
  records: readonly SourceRecord[],
  why: GivenUp,
  session: Pick<Session, 'abandoned' | 'draining'>,
  port: GiveUpPort,
): Promise<void> => {
  for (const record of records) {
    const message = failureMessage(port.source, record, why, Date.now());
    for (let attempt = 1; ; attempt += 1) {
      if (session.abandoned) throw new Stopped();
      try {
        port.counters.add(await store(message, port));
        break;
      } catch (error) {
        failed(error, port);
        await pauseFor(backoffMs(attempt, CHOICES.destinationBackoff), session.draining);
        if (session.draining.aborted) throw new Stopped();
      }
    }
  }
};

/** @returns what the record counts as, once it is stored */
const store = async (message: FailureMessage, port: GiveUpPort): Promise<CounterName> => {
  try {
    await port.destination.deliver(message);
    return 'OnFailureDestinationDeliveredEventCount';
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    failed(error, port);
    await port.lastResort.deliver(message);
    return 'DroppedEventCount';
  }
};

const failed = (error: unknown, { source, counters, log }: GiveUpPort): void => {
  counters.add('OnFailureDestinationDeliveryErrorCount');
  log(`${source.topic}: ${messageOf(error)}`);
};
