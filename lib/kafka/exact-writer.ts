import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import { StreamError, TransientError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { AbortedTransactions } from './aborted-transaction.ts';
import type { Admin } from './admin.ts';
import { brokerErrorOf, errorOfCode } from './errors.ts';
import { FILLERS_A_BATCH, fillers } from './fillers.ts';
import { Leader } from './leader.ts';
import { persistently, requireDone } from './persistence.ts';
import { identityRequest, markersRequest, type ProducerIdentity } from './transaction-requests.ts';
import { type Appended, boundRequest, type PartitionPlace, produceRequest } from './write-requests.ts';
import { type PackedRecords, packedRecords, sealed } from './written-batch.ts';

/** Of gaps up to this size each offset is a marker of its own, which no reader sees; each is 78 bytes of the log. */
export const MARKERS_UP_TO = 10_000;
const MARKERS_A_REQUEST = 500;
/** Fillers of one transaction: a few seconds. */
const FILLERS_A_TRANSACTION = 20 * FILLERS_A_BATCH;
/** A transaction's marker is written in the background. */
const MARKER_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 5;
const MAX_SEQUENCE = 2 ** 31;
const NO_RIGHT = 'CLUSTER_AUTHORIZATION_FAILED';

/** Records of fewer bytes than this are not worth packing. */
const WORTH_PACKING = 512;

/**
 * Writes a partition so that every record gets the offset it is to have. It is the only writer: each answer of the broker must
 * name the offset that was expected, and nothing is written twice, however often a connection breaks.
 *
 * Each call wants the partition's end as it is, and returns the one after it.
 *
 * @throws StreamError REFUSED when somebody else writes there; SERVICE_FAILED with what the broker says; TransientError
 *   BROKER_UNAVAILABLE after a minute
 */
export class ExactWriter {
  readonly #place: PartitionPlace;
  readonly #leader: Leader;
  readonly #transactions: AbortedTransactions;
  #identity: ProducerIdentity | undefined;
  #marking: ProducerIdentity | undefined;
  #mayMark = true;
  #sequence = 0;

  /** @param transactionalId for gaps; the same in a process that goes on where this one was killed */
  constructor(settings: Pick<Settings, 'kafkaAuth'>, admin: Admin, place: PartitionPlace, transactionalId: string) {
    this.#place = place;
    this.#leader = new Leader(settings, admin, place);
    this.#transactions = new AbortedTransactions(settings, this.#leader, place, transactionalId);
  }

  /** The partition's first offset. */
  begin(): Promise<number> {
    return this.#persistently(() => this.#bound('begin'));
  }

  /** The partition's end. */
  end(): Promise<number> {
    return this.#persistently(() => this.#bound('end'));
  }

  /** @throws StreamError REFUSED when the partition does not end there: somebody else writes to it */
  async requireEnd(wanted: number): Promise<void> {
    const end = await this.end();
    if (end !== wanted) throw this.#disturbed(wanted, end);
  }

  /** Ends a transaction that a killed writer has left open; it takes the offset of its marker. */
  fence(): Promise<void> {
    return persistently(
      () => this.#transactions.fence(),
      () => this.#forget(),
    );
  }

  /** Writes records at the end, compressed where that makes them smaller. */
  async append(end: number, messages: readonly Message[]): Promise<number> {
    const plain = await packedRecords(messages, 0);
    if (plain.records.length < WORTH_PACKING) return this.#send(end, plain);
    const packed = await packedRecords(messages, 1);
    return this.#send(end, packed.records.length < plain.records.length ? packed : plain);
  }

  /** Fills the places up to an offset with empty records, which are to be deleted; may leave off before. */
  async pad(end: number, to: number): Promise<number> {
    return this.#send(end, await fillers(Math.min(to - end, FILLERS_A_BATCH)));
  }

  /**
   * Leaves offsets without a record that consumers of committed records see: markers of aborted transactions where the gap is
   * small, and where it is large, or where we may not write markers, an aborted transaction of empty records.
   */
  async skip(end: number, to: number): Promise<number> {
    let now = end;
    await persistently(
      async () => {
        while (now < to) now = await this.#skipSome(now, to);
      },
      async () => {
        this.#forget();
        if (this.#transactions.isUsed) await this.#transactions.fence();
        now = await this.#bound('end');
      },
    );
    if (now > to) throw this.#disturbed(to, now);
    return now;
  }

  close(): void {
    this.#forget();
  }

  async #skipSome(end: number, to: number): Promise<number> {
    const wanted = to - end;
    if (this.#mayMark && wanted <= MARKERS_UP_TO) {
      const count = Math.min(wanted, MARKERS_A_REQUEST);
      this.#marking ??= requireDone(await this.#leader.ask(identityRequest(null, 0)));
      const { code } = await this.#leader.ask(markersRequest(this.#marking, this.#place, count));
      if (code === 0) return end + count;
      const error = errorOfCode(code);
      if (brokerErrorOf(error) !== NO_RIGHT) throw error;
      this.#mayMark = false;
    }
    const offsets = Math.min(wanted, FILLERS_A_TRANSACTION);
    await this.#transactions.write(offsets - 1);
    return this.#reached(end + offsets);
  }

  /** Waits for the marker. */
  async #reached(offset: number): Promise<number> {
    for (const last = Date.now() + MARKER_WITHIN_MS; Date.now() < last; await delay(LOOK_EVERY_MS)) {
      const end = await this.#bound('end');
      if (end >= offset) return end;
    }
    throw new TransientError('BROKER_UNAVAILABLE', 'The marker of a transaction is not written.');
  }

  async #send(end: number, packed: PackedRecords): Promise<number> {
    this.#identity ??= await this.#persistently(async () =>
      requireDone(await this.#leader.ask(identityRequest(null, 0))),
    );
    const writer = { ...this.#identity, firstSequence: this.#sequence, isTransactional: false };
    const batch = sealed(packed, writer);
    const { baseOffset } = await this.#persistently(async () =>
      this.#requireTaken(await this.#leader.ask(produceRequest(this.#place, batch))),
    );
    if (baseOffset !== end) throw this.#disturbed(end, baseOffset);
    this.#sequence = (this.#sequence + packed.count) % MAX_SEQUENCE;
    return end + packed.count;
  }

  #requireTaken(answer: Appended): Appended {
    if (answer.code === 0 || answer.reason === null) return requireDone(answer);
    const { topic, partition } = this.#place;
    throw new StreamError('SERVICE_FAILED', `Kafka refuses records of ${topic} [${partition}]: ${answer.reason}`, {
      cause: errorOfCode(answer.code),
    });
  }

  async #bound(bound: 'begin' | 'end'): Promise<number> {
    return requireDone(await this.#leader.ask(boundRequest(this.#place, bound))).offset;
  }

  #persistently<Result>(work: () => Promise<Result>): Promise<Result> {
    return persistently(work, () => this.#forget());
  }

  #forget(): void {
    this.#leader.forget();
    this.#transactions.forget();
  }

  #disturbed(wanted: number, found: number): StreamError {
    const { topic, partition } = this.#place;
    return new StreamError(
      'REFUSED',
      `${topic} [${partition}] is at ${found} instead of ${wanted}: something else writes to it.`,
      { next: 'Stop what publishes, then restore it anew: ./stream-manager.sh restore ... --replace' },
    );
  }
}
