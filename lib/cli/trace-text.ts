import { historyText } from '../operations/dead-letters/history-text.ts';
import { eventAt, isLetterOf, type Outcome, type Trace, type TracedEvent } from '../operations/trace/index.ts';
import type { HistoryEntry } from '../stores/dead-letters/index.ts';
import { escaped } from './escape.ts';
import { table } from './table.ts';
import { colours } from './terminal.ts';

/** One line of the trace: when, and what, so far to the right as there are causes before it. */
interface Line {
  readonly at: string;
  readonly depth: number;
  readonly text: string;
}

const OUTCOMES: Readonly<Record<Outcome['state'], (group: string) => string>> = {
  done: (group) => `${colours.green('✓')} ${group}: took effect`,
  'dead-lettered': (group) => `${colours.red('✗')} ${group}: went to the dead-letter queue`,
  read: (group) => `${colours.dim('·')} ${group}: read, without effect`,
  waiting: (group) => `${colours.yellow('…')} ${group}: not read yet`,
};

const eventLine = ({
  n,
  eventType,
  topic,
  partition,
  offset,
  source,
  causedBy,
  redriveOf,
  at,
  depth,
}: TracedEvent): Line => ({
  at,
  depth,
  text: [
    `[${n}] ${colours.bold(escaped(eventType ?? 'not decoded'))}  ${topic} [${partition}] @ ${offset}`,
    ...(source === null ? [] : [`by ${escaped(source)}`]),
    ...(causedBy === null ? [] : [`← [${causedBy}]`]),
    ...(redriveOf === null ? [] : [colours.yellow('put back')]),
  ].join('  '),
});

/** Everything that is known, in time order; what came of an event stands one step further to the right. */
const linesOf = ({ events, letters, logs }: Trace): readonly Line[] => {
  const under = (event: TracedEvent | undefined): number => (event?.depth ?? -1) + 1;
  const mentioned = (event: TracedEvent | undefined): string => (event === undefined ? '' : ` of [${event.n}]`);
  return [
    ...events.map(eventLine),
    ...events.flatMap((event): Line[] => {
      const { consumer, at } = event;
      if (consumer === null) return [];
      const text = `${OUTCOMES[consumer.state](consumer.group)}${colours.dim(mentioned(event))}`;
      return [{ at: consumer.at ?? at, depth: under(event), text }];
    }),
    ...letters.flatMap(({ id, history }) => {
      const event = events.find((one) => isLetterOf(id, one));
      return history.map((entry: HistoryEntry): Line => {
        const text = `${colours.red('✉')} ${escaped(id)}: ${escaped(historyText(entry))}`;
        return { at: entry.at, depth: under(event), text };
      });
    }),
    ...logs.map(({ at, level, function: name, message, reason, record, eventId }): Line => {
      const event = eventAt(events, record) ?? events.find((one) => one.eventId === eventId);
      const why = reason === null ? '' : `: ${escaped(reason)}`;
      return { at, depth: under(event), text: `${colours.dim('log')} ${level} ${name}: ${escaped(message)}${why}` };
    }),
  ].sort((a, b) => a.at.localeCompare(b.at));
};

/** A trace in columns: time, and what happened, indented by its causes. */
export const traceText = (trace: Trace): string =>
  table(
    ['TIME', 'WHAT'],
    linesOf(trace).map(({ at, depth, text }) => [at, `${'  '.repeat(depth)}${text}`]),
  );
