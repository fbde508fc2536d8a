import type { Settings } from '../settings.ts';
import { type BrokerConnection, type BrokerRequest, openBroker } from './broker.ts';
import { FILLERS_A_BATCH, fillers } from './fillers.ts';
import type { Leader } from './leader.ts';
import { requireDone } from './persistence.ts';
import {
  abortRequest,
  addPartitionRequest,
  coordinatorRequest,
  identityRequest,
  type ProducerIdentity,
} from './transaction-requests.ts';
import { type PartitionPlace, produceRequest } from './write-requests.ts';
import { sealed } from './written-batch.ts';

/** After so long without an end the coordinator aborts it: nobody who reads committed records waits longer for a killed writer. */
const TIMEOUT_MS = 60_000;

/** Transactions that are only there to be aborted: what they write takes offsets, and is for nobody. */
export class AbortedTransactions {
  readonly #settings: Pick<Settings, 'kafkaAuth'>;
  readonly #leader: Leader;
  readonly #place: PartitionPlace;
  readonly #id: string;
  #coordinator: BrokerConnection | undefined;
  #identity: ProducerIdentity | undefined;
  #sequence = 0;

  /** @param id the transactional id; whoever has the same one ends what another has left open */
  constructor(settings: Pick<Settings, 'kafkaAuth'>, leader: Leader, place: PartitionPlace, id: string) {
    this.#settings = settings;
    this.#leader = leader;
    this.#place = place;
    this.#id = id;
  }

  /** Whether one was begun here, so that after a failure one may be open. */
  get isUsed(): boolean {
    return this.#identity !== undefined;
  }

  /** Ends what an earlier process, or a request that failed, has left open: its marker is written when this returns. */
  async fence(): Promise<void> {
    this.forget();
    const answer = await this.#ask(identityRequest(this.#id, TIMEOUT_MS));
    this.#identity = requireDone(answer);
    this.#sequence = 0;
  }

  /**
   * Writes fillers and aborts. The marker, which takes an offset more, is written a moment after this returns.
   *
   * @param count 0 or more
   */
  async write(count: number): Promise<void> {
    if (this.#identity === undefined) await this.fence();
    const identity = this.#identity;
    if (identity === undefined) return;
    requireDone(await this.#ask(addPartitionRequest(this.#id, identity, this.#place)));
    for (let left = count; left > 0; left -= FILLERS_A_BATCH) {
      const packed = await fillers(Math.min(left, FILLERS_A_BATCH));
      const batch = sealed(packed, { ...identity, firstSequence: this.#sequence, isTransactional: true });
      requireDone(await this.#leader.ask(produceRequest(this.#place, batch, this.#id)));
      this.#sequence += packed.count;
    }
    requireDone(await this.#ask(abortRequest(this.#id, identity)));
  }

  /** Looks for the coordinator anew with the next request. */
  forget(): void {
    this.#coordinator?.close();
    this.#coordinator = undefined;
  }

  async #ask<Answer>(request: BrokerRequest<Answer>): Promise<Answer> {
    if (this.#coordinator === undefined) {
      const { address } = requireDone(await this.#leader.ask(coordinatorRequest(this.#id)));
      this.#coordinator = await openBroker(this.#settings, address);
    }
    return this.#coordinator.ask(request);
  }
}
