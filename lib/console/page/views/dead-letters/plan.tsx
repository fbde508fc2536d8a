import type { Action } from '../../../server/dead-letters/actions.ts';
import type { LetterPlan } from '../../../server/routes/dead-letters-types.ts';
import { counted, number } from '../../format.ts';
import { ACTIONS } from './actions.ts';

const SHOWN = 3;

/** What would be done with which letters, and which stay as they are. */
export const Plan = ({ action, plan }: { action: Action; plan: LetterPlan | undefined }) => {
  if (plan === undefined) {
    return (
      <div class="plan">
        <span class="bone" />
      </div>
    );
  }
  const { letters, topics, examples, left, leftCount } = plan;
  return (
    <div class="plan">
      <p>
        <strong>{letters === 0 ? 'No letter' : counted(letters, 'letter')}</strong>
        {letters === 0 ? ' is meant.' : `. ${ACTIONS[action].does}:`}
      </p>
      <ul>
        {topics.map(({ topic, letters: count }) => (
          <li key={topic}>
            {number(count)} of {topic}
          </li>
        ))}
      </ul>
      {examples.length === 0 ? null : (
        <p class="dim">
          {examples.slice(0, SHOWN).join(', ')}
          {letters > SHOWN ? ' …' : ''}
        </p>
      )}
      {left.map(({ id, reason }) => (
        <p key={id}>
          <span class="mono">{id}</span> stays: {reason}
        </p>
      ))}
      {leftCount > left.length ? <p>and {number(leftCount - left.length)} more</p> : null}
    </div>
  );
};
