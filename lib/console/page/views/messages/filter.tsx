import { useEffect, useState } from 'preact/hooks';
import type { TopicSummary } from '../../../../operations/topics.ts';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Search } from '../../parts/search.tsx';
import { go, pathTo } from '../../router.ts';

const NAMES = ['order', 'partition', 'offset', 'time', 'search', 'place'] as const;
type Name = (typeof NAMES)[number];

/** What is asked of `GET /api/messages/TOPIC`; the address of the page says the same. */
export type Params = Readonly<Partial<Record<Name, string>>>;

export const paramsOf = (query: URLSearchParams): Params => {
  const params: Partial<Record<Name, string>> = {};
  for (const name of NAMES) {
    const value = query.get(name);
    if (value !== null && value !== '') params[name] = value;
  }
  return params;
};

export interface FilterProps {
  readonly topics: readonly TopicSummary[] | undefined;
  readonly topic: string | undefined;
  readonly params: Params;
  /** Asks the same once more. */
  readonly onAgain: () => void;
}

/** Which messages: a change of a choice counts at once, what is typed by Enter. */
export const Filter = ({ topics, topic, params, onAgain }: FilterProps) => {
  const [typed, setTyped] = useState<Params>(params);
  const address = JSON.stringify(params);
  useEffect(() => setTyped(params), [address]);
  const look = (next: Params): void => {
    const to = pathTo(['messages', ...(topic === undefined ? [] : [topic])], next);
    if (JSON.stringify(next) === address) onAgain();
    else go(to);
  };
  const type = (name: Name, value: string): void => setTyped({ ...typed, [name]: value });
  const input = (name: Name, label: string, more: object = {}) => (
    <input
      aria-label={label}
      placeholder={label}
      value={typed[name] ?? ''}
      autoComplete="off"
      onInput={(event) => type(name, event.currentTarget.value)}
      {...more}
    />
  );
  return (
    <form
      class="filter"
      onSubmit={(event) => {
        event.preventDefault();
        look(typed);
      }}
    >
      <select
        aria-label="Topic"
        value={topic ?? ''}
        onChange={(event) =>
          go(pathTo(['messages', event.currentTarget.value], { ...params, partition: '', offset: '' }))
        }
      >
        <option value="" disabled>
          Choose a topic
        </option>
        {(topics ?? []).map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Order"
        value={typed.order ?? 'newest'}
        onChange={(event) => look({ ...typed, order: event.currentTarget.value })}
      >
        <option value="newest">Newest first</option>
        <option value="oldest">Oldest first</option>
      </select>
      {input('partition', 'Partition', { inputMode: 'numeric', size: 7 })}
      {input('offset', 'From offset', { inputMode: 'numeric', size: 9 })}
      {input('time', 'From time', { size: 13, title: 'In ISO 8601, for instance 2026-11-24T18:00' })}
      <Search label="Search text" value={typed.search ?? ''} onInput={(text) => type('search', text)} />
      <select
        aria-label="Where to search"
        value={typed.place ?? 'anywhere'}
        onChange={(event) => {
          const next = { ...typed, place: event.currentTarget.value };
          if (typed.search === undefined || typed.search === '') setTyped(next);
          else look(next);
        }}
      >
        <option value="anywhere">anywhere</option>
        <option value="key">in the key</option>
        <option value="value">in the value</option>
        <option value="headers">in the headers</option>
      </select>
      <button type="submit" aria-label="Look" title="Look (Enter)" class="square" disabled={topic === undefined}>
        <Icon lines={LINES.refresh} />
      </button>
    </form>
  );
};
