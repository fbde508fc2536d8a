/** What became of a record, by the name of the metric that counts it (lib/consumer/observation.ts). */
export const OUTCOMES = {
  done: 'RecordsDone',
  skipped: 'RecordsSkipped',
  dead: 'RecordsDeadLettered',
  failed: 'RecordsFailed',
  held: 'RecordsHeld',
} as const;

export type Outcome = keyof typeof OUTCOMES;

/** What a function has told of one batch. */
export interface BatchFigures {
  /** When, milliseconds since 1970. */
  readonly time: number;
  readonly topic: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** From publishing to effect, milliseconds; at most 99 of the records that were done, evenly spread. */
  readonly latencies: readonly number[];
}

const MARK = '"_aws"';

const numberIn = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

const listIn = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter((each) => typeof each === 'number');

/**
 * What a line of a function's log says in embedded metric format (CloudWatch User Guide,
 * CloudWatch_Embedded_Metric_Format_Specification); undefined for any other line.
 */
export const batchFiguresIn = (line: string): BatchFigures | undefined => {
  if (!line.startsWith('{') || !line.includes(MARK)) return undefined;
  try {
    const told: Readonly<Record<string, unknown>> = JSON.parse(line);
    const { _aws: about, service } = told;
    const time = typeof about === 'object' && about !== null && 'Timestamp' in about ? about.Timestamp : undefined;
    if (typeof service !== 'string' || typeof time !== 'number' || told.BatchSize === undefined) return undefined;
    return {
      time,
      topic: service,
      counts: {
        done: numberIn(told[OUTCOMES.done]),
        skipped: numberIn(told[OUTCOMES.skipped]),
        dead: numberIn(told[OUTCOMES.dead]),
        failed: numberIn(told[OUTCOMES.failed]),
        held: numberIn(told[OUTCOMES.held]),
      },
      latencies: listIn(told.EndToEndLatency),
    };
  } catch {
    return undefined;
  }
};
