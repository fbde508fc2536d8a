import type { Run } from '../../../server/routes/dead-letters-types.ts';
import { mayChange } from '../../api.ts';
import { counted, moment, number } from '../../format.ts';
import { Progress } from '../../parts/progress.tsx';
import { ACTIONS } from './actions.ts';

const wordsOf = ({ action, state, through, total, changed, waiting, leftCount, failure }: Run): string => {
  const { title, done } = ACTIONS[action];
  if (state === 'preparing') return `${title}: looking for them …`;
  if (state === 'running') return `${title}: ${number(through)} of ${number(total)}`;
  if (state === 'failed') return `${title}: ${failure?.error ?? ''} ${failure?.next ?? ''}`;
  return [
    `${counted(changed, 'letter')} ${done}`,
    ...(leftCount > 0 ? [`${number(leftCount)} left as they are`] : []),
    ...(state === 'stopped' ? [`stopped, ${number(waiting)} to go`] : []),
  ].join(', ');
};

/** How far it is, and what it came to. */
export const RunBar = ({ run, onStop }: { run: Run | undefined; onStop: () => void }) => {
  if (run === undefined) return null;
  const { action, through, total, state, endedAt, left } = run;
  return (
    <>
      <Progress
        label={ACTIONS[action].title}
        value={endedAt === null ? through : total}
        total={total}
        text={wordsOf(run)}
        tone={state === 'failed' ? 'bad' : endedAt === null ? 'busy' : 'ok'}
      />
      {endedAt === null ? null : (
        <span class="dim" title={endedAt}>
          {moment(endedAt)}
        </span>
      )}
      {endedAt === null && mayChange() ? (
        <button type="button" class="quiet" onClick={onStop}>
          Stop
        </button>
      ) : null}
      {left.length === 0 ? null : (
        <details class="left">
          <summary>Why</summary>
          <ul>
            {left.map(({ id, reason }) => (
              <li key={id}>
                <span class="mono">{id}</span>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};
