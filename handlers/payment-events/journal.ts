import { createHash } from 'node:crypto';
import { PermanentError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import { type Booking, type Line, linesOf } from './ledger.ts';

/**
 * The journal: every booking as an object of its own, written once and before Redis has the entry, so that the ledger can be
 * made anew. Its name comes from the customer and the provider's event, and so does everything in it: a booking that is tried
 * again writes the same object. It names no user, because it is kept for as long as the law asks.
 */
export const JOURNAL_PREFIX = 'ledger/';

/** A booking as the journal has it. */
export type JournalEntry = Booking & { readonly customerId: string; readonly lines: readonly Line[] };

export const journalFolder = (customerId: string): string =>
  `${JOURNAL_PREFIX}${encodeURIComponent(customerId).replaceAll('.', '%2E')}/`;

export const journalKey = (customerId: string, providerEventId: string): string =>
  `${journalFolder(customerId)}${createHash('sha256').update(providerEventId).digest('hex').slice(0, 40)}.json`;

const textOf = (customerId: string, booking: Booking): string => {
  const { kind, providerEventId, paymentId, refundId, at, amount, currency } = booking;
  const entry: JournalEntry = {
    customerId,
    kind,
    providerEventId,
    paymentId,
    refundId,
    at,
    amount,
    currency,
    lines: linesOf(booking),
  };
  return `${JSON.stringify(entry)}\n`;
};

/**
 * Writes bookings that are not there yet.
 *
 * @throws PermanentError RULE_VIOLATED when the journal has another booking for the same event of the provider
 */
export const writeJournal = async (
  objects: ObjectStore,
  customerId: string,
  bookings: readonly Booking[],
): Promise<void> => {
  await Promise.all(
    bookings.map(async (booking) => {
      const key = journalKey(customerId, booking.providerEventId);
      const text = textOf(customerId, booking);
      if (await objects.putNew(key, text, { contentType: 'application/json' })) return;
      if ((await objects.get(key))?.toString('utf8') === text) return;
      throw new PermanentError(
        'RULE_VIOLATED',
        `The journal has booked the provider's event ${booking.providerEventId} otherwise than it is told now.`,
        { next: `Compare the event with the object ${key}: a booking is never changed, it is corrected by another` },
      );
    }),
  );
};

const READS_AT_ONCE = 20;

/**
 * All bookings of a customer, in the order in which the provider made them.
 *
 * @throws PermanentError RULE_VIOLATED for an object that is not as {@link writeJournal} writes it
 */
export const readJournal = async (objects: ObjectStore, customerId: string): Promise<readonly JournalEntry[]> => {
  const keys = await objects.list(journalFolder(customerId));
  const found: JournalEntry[] = [];
  for (let from = 0; from < keys.length; from += READS_AT_ONCE) {
    const bodies = await Promise.all(keys.slice(from, from + READS_AT_ONCE).map((key) => objects.get(key)));
    for (const [i, body] of bodies.entries()) {
      if (body !== undefined) found.push(entryFrom(customerId, keys[from + i] ?? '', body.toString('utf8')));
    }
  }
  return found.sort(
    (a, b) => compare(a.at, b.at) || compare(a.kind, b.kind) || compare(a.providerEventId, b.providerEventId),
  );
};

const entryFrom = (customerId: string, key: string, text: string): JournalEntry => {
  try {
    const entry: JournalEntry = JSON.parse(text);
    if (textOf(customerId, entry) === text) return entry;
  } catch {
    // Said below.
  }
  throw new PermanentError('RULE_VIOLATED', `The object ${key} of the journal is not as it was written.`, {
    next: 'Bring back what was written first; until then nothing is booked for this customer',
  });
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
