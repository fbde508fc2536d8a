import { useState } from 'preact/hooks';
import type { Action } from '../../../server/dead-letters/actions.ts';
import type { LetterReasons } from '../../../server/routes/dead-letters-types.ts';
import { mayChange } from '../../api.ts';
import { counted } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { Act } from './act.tsx';
import { ACTIONS } from './actions.ts';
import { LetterDrawer } from './details.tsx';
import { Filter } from './filter.tsx';
import { LetterList } from './letters.tsx';
import { filterOf, paramsOf, showsEach } from './params.ts';
import { Reasons } from './reasons.tsx';
import { RunBar } from './run.tsx';
import { useLetters } from './use-letters.ts';
import { useRun } from './use-run.ts';

const EVERY_MS = 10_000;

const BUTTONS: readonly Action[] = ['discard', 'park', 'redrive'];

const totalOf = ({ letters, hasMore }: LetterReasons): string =>
  hasMore ? `the newest ${counted(letters, 'letter')}` : counted(letters, 'letter');

const DeadLetters = ({ rest: [id], query }: ViewProps) => {
  const params = paramsOf(query);
  const filter = filterOf(params);
  const isEach = showsEach(params);
  const [search, setSearch] = useState('');
  const [round, setRound] = useState(0);
  const [doing, setDoing] = useState<Action | undefined>(undefined);
  const reasons = useAnswer<LetterReasons>(pathTo(['dead-letters'], filter), EVERY_MS);
  const pages = useLetters(isEach ? filter : undefined, round);
  const again = (): void => {
    reasons.again();
    setRound((before) => before + 1);
  };
  const runs = useRun(again);
  return (
    <>
      <Head title="Dead letters" aside={reasons.data === undefined ? undefined : totalOf(reasons.data)}>
        {mayChange()
          ? BUTTONS.map((action) => (
              <button
                key={action}
                type="button"
                class={action === 'redrive' ? 'main' : undefined}
                disabled={reasons.data === undefined || reasons.data.letters === 0}
                onClick={() => setDoing(action)}
              >
                {ACTIONS[action].title} these
              </button>
            ))
          : null}
      </Head>
      <Filter params={params} search={search} onSearch={setSearch} onAgain={again} />
      <FailureNote failure={reasons.failure ?? pages.failure} again={again} />
      <div class="looking">
        <RunBar run={runs.last} onStop={runs.stop} />
      </div>
      {isEach ? (
        <LetterList pages={pages} params={params} search={search.trim()} chosen={id} />
      ) : (
        <Reasons reasons={reasons.data} params={params} search={search.trim()} />
      )}
      {id === undefined ? null : (
        <LetterDrawer
          key={id}
          id={id}
          runs={runs}
          onClose={() => {
            go(pathTo(['dead-letters'], params));
            again();
          }}
        />
      )}
      {doing === undefined ? null : (
        <Act action={doing} chosen={filter} begin={runs.begin} onClose={() => setDoing(undefined)} />
      )}
    </>
  );
};

export const deadLetters: View = {
  id: 'dead-letters',
  title: 'Dead letters',
  key: 'd',
  icon: 'M2 3.5h12v9H2zM2 4l6 4.5L14 4M5.5 10.5l2 0M10 10l2 2M12 10l-2 2',
  group: 'Work',
  Show: DeadLetters,
};
