/** The metrics of an event source mapping under AWS's names (page monitoring-metrics-types), counted since the start. */
export const COUNTERS = {
  EventCount: [
    'PolledEventCount',
    'FilteredOutEventCount',
    'InvokedEventCount',
    'FailedInvokeEventCount',
    'DroppedEventCount',
    'OnFailureDestinationDeliveredEventCount',
    'CommittedEventCount',
  ],
  ErrorCount: [
    'PollingErrorCount',
    'InvokeErrorCount',
    'OnFailureDestinationDeliveryErrorCount',
    'SchemaRegistryErrorCount',
    'CommitErrorCount',
  ],
} as const;

type Group = keyof typeof COUNTERS;
export type CounterName = (typeof COUNTERS)[Group][number];

export type CounterReport = Readonly<Record<Group, Readonly<Record<string, number>>>>;

/** The counters of one mapping, all zero at first. */
export class Counters {
  readonly #values = new Map<CounterName, number>();

  add(name: CounterName, count = 1): void {
    this.#values.set(name, this.get(name) + count);
  }

  get(name: CounterName): number {
    return this.#values.get(name) ?? 0;
  }

  report(): CounterReport {
    const values = (names: readonly CounterName[]) => Object.fromEntries(names.map((name) => [name, this.get(name)]));
    return { EventCount: values(COUNTERS.EventCount), ErrorCount: values(COUNTERS.ErrorCount) };
  }
}
