import { setTimeout as delay } from 'node:timers/promises';
import { TransientError } from '../../../lib/errors.ts';
import { type Published, type Publisher, type RawRecord, recordOf } from '../../../lib/events/index.ts';
import { until } from '../../support/until.ts';
import type { Act } from './act.ts';
import type { Ledger } from './ledger.ts';

/** Sends a record, and says where it lies once it is acknowledged. */
export type Sender = (record: RawRecord) => Promise<Published>;

/** So much of a run is published whatever happens; the rest once the fault is over, so that every run shows that it goes on. */
const SHARE = 0.85;
const TICK_MS = 20;
const RETRY_MS = 200;
/** A broker that is away for longer than this ends the run. */
const PATIENCE_MS = 150_000;

/** @param publisher what publishes unless a fault puts another in its place */
export const senderOf =
  (publisher: Publisher): Sender =>
  async (record) => {
    const [published] = await publisher.publishRaw([record]);
    if (published === undefined) throw new RangeError('the publisher did not say where the record lies');
    return published;
  };

/**
 * Publishes the acts of a run at an even pace: those of one line one after the other, each again and again under the same
 * event id until it is acknowledged, as a caller does that must not lose it.
 */
export class Workload {
  /** What the records go through. A fault may replace it. */
  sender: Sender;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal;
  readonly #lines = new Map<string, Promise<void>>();
  readonly #again: Promise<void>[] = [];
  readonly #acts: readonly { readonly act: Act; readonly record: RawRecord }[];
  #sent = 0;
  #pacing: Promise<void> = Promise.resolve();

  private constructor(
    acts: readonly { readonly act: Act; readonly record: RawRecord }[],
    sender: Sender,
    ledger: Ledger,
    signal: AbortSignal,
  ) {
    this.#acts = acts;
    this.sender = sender;
    this.#ledger = ledger;
    this.#signal = signal;
  }

  /** Encodes all records beforehand: a fault of the registry is meant for the functions. */
  static async of(
    acts: readonly Act[],
    { publisher, ledger, signal }: { publisher: Publisher; ledger: Ledger; signal: AbortSignal },
  ): Promise<Workload> {
    const records: { act: Act; record: RawRecord }[] = [];
    for (const act of acts) {
      const record = await recordOf(publisher.codec, act.event);
      records.push({ act, record: act.spoiling?.(record) ?? record });
    }
    return new Workload(records, senderOf(publisher), ledger, signal);
  }

  /** Begins to publish. @param overMs how long {@link SHARE} of it takes */
  start(overMs: number): void {
    const count = Math.floor(this.#acts.length * SHARE);
    const begun = performance.now();
    this.#pacing = (async () => {
      while (this.#sent < count && !this.#signal.aborted) {
        const due = Math.min(count, Math.ceil(((performance.now() - begun) / overMs) * count));
        this.#release(due);
        await delay(TICK_MS);
      }
    })();
  }

  /** Waits until so much of all of it is acknowledged. @param share 0 to {@link SHARE} */
  async reached(share: number): Promise<void> {
    const wanted = Math.floor(this.#acts.length * Math.min(share, SHARE));
    await until(`${wanted} acts are acknowledged`, () => this.#ledger.size >= wanted, { timeoutMs: PATIENCE_MS });
  }

  /** Publishes the rest, and waits until all of it is acknowledged. */
  async finish(): Promise<void> {
    await this.#pacing;
    this.#release(this.#acts.length);
    await Promise.all(this.#lines.values());
    await Promise.all(this.#again);
    this.#signal.throwIfAborted();
  }

  #release(upTo: number): void {
    for (; this.#sent < upTo; this.#sent += 1) {
      const next = this.#acts[this.#sent];
      if (next === undefined) return;
      const { line } = next.act;
      const before = this.#lines.get(line) ?? Promise.resolve();
      const sending = before.then(() => this.#send(next.act, next.record));
      // Met in finish; until then it must not count as unhandled.
      sending.catch(() => undefined);
      this.#lines.set(line, sending);
    }
  }

  async #send(act: Act, record: RawRecord): Promise<void> {
    await this.#acknowledged(act, record);
    const { againAfterMs } = act;
    if (againAfterMs === undefined) return;
    const again = delay(againAfterMs).then(() => this.#acknowledged(act, record));
    again.catch(() => undefined);
    this.#again.push(again);
  }

  async #acknowledged(act: Act, record: RawRecord): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; !this.#signal.aborted; await delay(RETRY_MS)) {
      try {
        return this.#ledger.acknowledged(act, await this.sender(record));
      } catch (error) {
        if (!(error instanceof TransientError) || Date.now() > end) throw error;
      }
    }
  }
}
