import { useState } from 'preact/hooks';
import type { CheckedPatch, LetterDetails, LetterPlan } from '../../../server/routes/dead-letters-types.ts';
import { change } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Json } from '../../parts/json.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { useChange } from '../../use-change.ts';
import { Plan } from './plan.tsx';

/** What is typed at first: of an event its payload, the rest stays as it is. */
const draftOf = ({ record }: LetterDetails): string => {
  if (record === null || record.format === 'binary' || record.format === 'empty') return '';
  const { value } = record;
  if (typeof value === 'string') return value;
  const isEvent = typeof value === 'object' && value !== null && 'payload' in value && 'eventType' in value;
  return JSON.stringify(isEvent ? value.payload : value, null, 2) ?? '';
};

const Checked = ({ patch: { eventId, eventType, key, keyBefore, payload } }: { patch: CheckedPatch }) => (
  <>
    <Facts
      facts={[
        ['Event', eventType],
        ['Id', <code key="id">{eventId}</code>],
        ['Key', key === keyBefore ? (key ?? 'none') : `${keyBefore ?? 'none'} becomes ${key ?? 'none'}`],
      ]}
    />
    <Json label="New payload" value={payload} />
  </>
);

/** A new payload for a letter: checked against its schema, then put back. */
export const EditLetter = ({
  letter,
  begin,
  onClose,
}: {
  letter: LetterDetails;
  begin: (wish: object) => Promise<void>;
  onClose: () => void;
}) => {
  const { id } = letter;
  const [json, setJson] = useState(() => draftOf(letter));
  const [checked, setChecked] = useState<CheckedPatch | undefined>(undefined);
  const [again, setAgain] = useState(false);
  const plan = useAnswer<LetterPlan>(
    pathTo(['dead-letters', 'plan'], { action: 'redrive', id, again: again ? 'true' : undefined }),
  ).data;
  const { run, failure, isBusy } = useChange();
  const check = (): void =>
    run(async () => setChecked(await change('POST', pathTo(['dead-letters', 'letters', id, 'check']), { json })));
  const putBack = (): void =>
    run(async () => {
      await begin({ action: 'redrive', id, json, again });
      onClose();
    });
  return (
    <Dialog title={`Edit ${id}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (checked === undefined) check();
          else putBack();
        }}
      >
        {checked === undefined ? (
          <Field
            label="Payload"
            name="json"
            hint="JSON of the payload, or of the whole event; it stays the same event"
            failure={failure}
            control={(ids) => (
              <textarea
                {...ids}
                rows={14}
                required
                spellcheck={false}
                value={json}
                onInput={(event) => setJson(event.currentTarget.value)}
              />
            )}
          />
        ) : (
          <>
            <Checked patch={checked} />
            {plan !== undefined && plan.left.length > 0 ? <Plan action="redrive" plan={plan} /> : null}
            {again || (plan !== undefined && plan.left.length > 0) ? (
              <label class="check">
                <input type="checkbox" checked={again} onChange={(event) => setAgain(event.currentTarget.checked)} />
                Once more (--again)
              </label>
            ) : null}
          </>
        )}
        {failure !== undefined && (failure.field !== 'json' || checked !== undefined) ? (
          <FailureNote failure={failure} />
        ) : null}
        <footer>
          {checked === undefined ? (
            <button type="submit" class="main" disabled={isBusy || json.trim() === ''}>
              Check it
            </button>
          ) : (
            <>
              <button type="submit" class="main" disabled={isBusy || plan?.letters !== 1}>
                Put it back
              </button>
              <button type="button" onClick={() => setChecked(undefined)}>
                Back
              </button>
            </>
          )}
        </footer>
      </form>
    </Dialog>
  );
};
