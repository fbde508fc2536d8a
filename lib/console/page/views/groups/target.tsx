import type { ResetWord } from '../../../server/routes/groups-types.ts';
import type { ApiError } from '../../api.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';

/** What is typed, as the request names it. */
export interface Wanted {
  readonly topic: string;
  readonly where: ResetWord;
  readonly value: string;
  readonly partitions: string;
}

interface Place {
  readonly title: string;
  /** What is typed beside it; nothing where it needs nothing. */
  readonly hint?: string;
}

const PLACES: Readonly<Record<ResetWord, Place>> = {
  'to-earliest': { title: 'To the earliest message' },
  'to-latest': { title: 'To the end' },
  'to-offset': { title: 'To an offset', hint: 'The offset: 42' },
  'to-datetime': { title: 'To a time', hint: 'In ISO 8601: 2026-01-31T08:00:00Z' },
  'by-duration': { title: 'By a duration, back from now', hint: 'How long: 30m, 2h, PT2H30M' },
  'shift-by': { title: 'By a number of messages', hint: 'Further: 100; back: -100' },
};

const isWord = (text: string): text is ResetWord => Object.hasOwn(PLACES, text);

export interface ResetTargetProps {
  readonly topics: readonly string[];
  readonly wanted: Wanted;
  readonly onWant: (wanted: Wanted) => void;
  readonly onPlan: () => void;
  readonly failure: ApiError | undefined;
  readonly isBusy: boolean;
}

/** Where a group is to continue. */
export const ResetTarget = ({ topics, wanted, onWant, onPlan, failure, isBusy }: ResetTargetProps) => {
  const { hint } = PLACES[wanted.where];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onPlan();
      }}
    >
      <Field
        label="Topic"
        name="topic"
        failure={failure}
        control={(ids) => (
          <select
            {...ids}
            value={wanted.topic}
            onChange={(event) => onWant({ ...wanted, topic: event.currentTarget.value })}
          >
            {topics.map((topic) => (
              <option key={topic}>{topic}</option>
            ))}
          </select>
        )}
      />
      <Field
        label="Where to"
        name="where"
        failure={failure}
        control={(ids) => (
          <select
            {...ids}
            value={wanted.where}
            onChange={(event) => {
              const where = event.currentTarget.value;
              if (isWord(where)) onWant({ ...wanted, where, value: '' });
            }}
          >
            {Object.entries(PLACES).map(([word, { title }]) => (
              <option key={word} value={word}>
                {title}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label="Value"
        name="value"
        hint={hint ?? 'It needs none'}
        failure={failure}
        control={(ids) => (
          <input
            {...ids}
            disabled={hint === undefined}
            required={hint !== undefined}
            autoComplete="off"
            spellcheck={false}
            value={wanted.value}
            onInput={(event) => onWant({ ...wanted, value: event.currentTarget.value })}
          />
        )}
      />
      <Field
        label="Partitions"
        name="partitions"
        hint="All of them unless given: 0,3"
        failure={failure}
        control={(ids) => (
          <input
            {...ids}
            autoComplete="off"
            value={wanted.partitions}
            onInput={(event) => onWant({ ...wanted, partitions: event.currentTarget.value })}
          />
        )}
      />
      {failure?.field === null ? <FailureNote failure={failure} /> : null}
      <footer>
        <button type="submit" class="main" disabled={isBusy}>
          Show the plan
        </button>
      </footer>
    </form>
  );
};
