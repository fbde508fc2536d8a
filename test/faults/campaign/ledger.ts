import { type Published, positionOf } from '../../../lib/events/index.ts';
import type { Act } from './act.ts';

/** What the broker has acknowledged in a run: acts in the order of their acknowledgement, and where their records lie. */
export class Ledger {
  readonly #positions = new Map<Act, Published[]>();

  /** A record of an act is in the log; there may be several of one act. */
  acknowledged(act: Act, published: Published): void {
    const known = this.#positions.get(act);
    if (known === undefined) this.#positions.set(act, [published]);
    else if (!known.some((one) => positionOf(one) === positionOf(published))) known.push(published);
  }

  /** Each once. */
  get acts(): readonly Act[] {
    return [...this.#positions.keys()];
  }

  /** How many there are. */
  get size(): number {
    return this.#positions.size;
  }

  positionsOf(act: Act): readonly Published[] {
    return this.#positions.get(act) ?? [];
  }
}
