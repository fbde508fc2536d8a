import { useEffect, useId, useState } from 'preact/hooks';
import type { LetterNames } from '../../../server/routes/dead-letters-types.ts';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Search } from '../../parts/search.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { Name, Params } from './params.ts';
import { STATUS_WORDS } from './state.tsx';

export interface FilterProps {
  readonly params: Params;
  /** Looks for a text in what is shown. */
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** Asks the same once more. */
  readonly onAgain: () => void;
}

type Typed = Extract<Name, keyof LetterNames | 'since'>;

const TYPED: readonly (readonly [name: Typed, label: string])[] = [
  ['topic', 'Topic'],
  ['reason', 'Reason'],
  ['consumer', 'Consumer'],
  ['since', 'Since'],
];

/** Which letters: a change of a choice counts at once, what is typed by Enter. */
export const Filter = ({ params, search, onSearch, onAgain }: FilterProps) => {
  const names = useAnswer<LetterNames>('/dead-letters/names').data;
  const [typed, setTyped] = useState<Params>(params);
  const id = useId();
  const address = JSON.stringify(params);
  useEffect(() => setTyped(params), [address]);
  const look = (next: Params): void => {
    if (pathTo([], next) === pathTo([], params)) onAgain();
    else go(pathTo(['dead-letters'], next));
  };
  return (
    <form
      class="filter letters"
      onSubmit={(event) => {
        event.preventDefault();
        look(typed);
      }}
    >
      <select
        aria-label="Shown"
        value={params.show ?? ''}
        onChange={(event) => look({ ...typed, show: event.currentTarget.value })}
      >
        <option value="">By reason</option>
        <option value="each">Each letter</option>
      </select>
      <select
        aria-label="Status"
        value={params.status ?? ''}
        onChange={(event) => look({ ...typed, status: event.currentTarget.value })}
      >
        <option value="">Undone</option>
        {STATUS_WORDS.map((status) => (
          <option key={status}>{status}</option>
        ))}
        <option value="all">All</option>
      </select>
      {TYPED.map(([name, label]) => (
        <input
          key={name}
          aria-label={label}
          placeholder={label}
          title={name === 'since' ? 'How long ago, 30m, 2h, 7d, or a time in ISO 8601' : undefined}
          list={name === 'since' ? undefined : `${id}-${name}`}
          autoComplete="off"
          spellcheck={false}
          size={9}
          value={typed[name] ?? ''}
          onInput={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
          // Choosing out of the list is a change as well.
          onChange={(event) => look({ ...typed, [name]: event.currentTarget.value })}
        />
      ))}
      {names === undefined
        ? null
        : (['topic', 'reason', 'consumer'] as const).map((name) => (
            <datalist key={name} id={`${id}-${name}`}>
              {names[name].map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          ))}
      <Search label="Find in the list" value={search} onInput={onSearch} />
      <button type="submit" aria-label="Look" title="Look (Enter)" class="square">
        <Icon lines={LINES.refresh} />
      </button>
    </form>
  );
};
