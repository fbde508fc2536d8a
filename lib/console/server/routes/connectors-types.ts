import type { BriefConnector, ConnectorSummary } from '../../../operations/connectors/index.ts';
import type { Slot } from '../../../operations/database/index.ts';

/** A connector in a list. */
export type ListedConnector = BriefConnector & {
  /** Why something of it has failed, in one line. */
  readonly why: string | null;
  /** The slot it reads PostgreSQL by; null for one that reads by none. */
  readonly slot: Slot | null;
};

export interface Connectors {
  /** Whether the stack runs with Kafka Connect at all. */
  readonly isPart: boolean;
  readonly connectors: readonly ListedConnector[];
  /** What is not well with the slots, in words. */
  readonly slotFault: string | null;
}

/** One connector, with the whole traces of what has failed. */
export type ShownConnector = ConnectorSummary & { readonly slot: Slot | null };
