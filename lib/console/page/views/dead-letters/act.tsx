import { useState } from 'preact/hooks';
import type { Action } from '../../../server/dead-letters/actions.ts';
import type { LetterPlan } from '../../../server/routes/dead-letters-types.ts';
import { counted } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { useChange } from '../../use-change.ts';
import { ACTIONS } from './actions.ts';
import type { Params } from './params.ts';
import { Plan } from './plan.tsx';

/** The letters something is to be done with: one, or those of a filter. */
export type Chosen = { readonly id: string } | Params;

export interface ActProps {
  readonly action: Action;
  readonly chosen: Chosen;
  readonly begin: (wish: object) => Promise<void>;
  readonly onClose: () => void;
}

/** Shows what would be done, and does it once somebody agrees. */
export const Act = ({ action, chosen, begin, onClose }: ActProps) => {
  const [again, setAgain] = useState(false);
  const [rate, setRate] = useState('');
  const [why, setWhy] = useState('');
  const { title, why: asksWhy } = ACTIONS[action];
  const isOne = 'id' in chosen;
  const planned = useAnswer<LetterPlan>(
    pathTo(['dead-letters', 'plan'], { action, ...chosen, again: again ? 'true' : undefined }),
  );
  const { run, failure, isBusy } = useChange();
  const letters = planned.data?.letters ?? 0;
  const go = (): void =>
    run(async () => {
      await begin({ action, ...chosen, again, rate, why, until: planned.data?.until });
      onClose();
    });
  return (
    <Dialog title={isOne ? `${title} ${chosen.id}?` : `${title} these letters?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <FailureNote failure={planned.failure} again={planned.again} />
        <Plan action={action} plan={planned.data} />
        {action === 'redrive' ? (
          <label class="check">
            <input type="checkbox" checked={again} onChange={(event) => setAgain(event.currentTarget.checked)} />
            Also what came back each time (--again)
          </label>
        ) : null}
        {action === 'redrive' && !isOne ? (
          <Field
            label="Letters a second"
            name="rate"
            hint="As fast as they go unless given"
            failure={failure}
            control={(ids) => (
              <input
                {...ids}
                inputMode="numeric"
                value={rate}
                onInput={(event) => setRate(event.currentTarget.value)}
              />
            )}
          />
        ) : null}
        {asksWhy === 'none' ? null : (
          <Field
            label="Why"
            name="why"
            hint={asksWhy === 'needed' ? 'Kept with the letters' : 'Kept with the letters; it may be left out'}
            failure={failure}
            control={(ids) => (
              <input
                {...ids}
                required={asksWhy === 'needed'}
                value={why}
                onInput={(event) => setWhy(event.currentTarget.value)}
              />
            )}
          />
        )}
        {failure?.field === null ? <FailureNote failure={failure} /> : null}
        <footer>
          <button
            type="submit"
            class={action === 'discard' ? 'danger' : 'main'}
            disabled={isBusy || letters === 0 || (asksWhy === 'needed' && why.trim() === '')}
          >
            {title} {letters === 0 ? '' : counted(letters, 'letter')}
          </button>
          <button type="button" onClick={onClose}>
            Leave it
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
