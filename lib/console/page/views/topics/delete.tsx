import { useState } from 'preact/hooks';
import type { TopicReport } from '../../../../operations/topic-report.ts';
import { change } from '../../api.ts';
import { counted } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { tell } from '../../parts/toast.tsx';
import { useChange } from '../../use-change.ts';

export const DeleteTopic = ({ topic, onClose }: { topic: TopicReport; onClose: (isGone: boolean) => void }) => {
  const { name, messages, purpose } = topic;
  const [typed, setTyped] = useState('');
  const { run, failure, isBusy } = useChange();
  const remove = (): void => {
    run(async () => {
      await change('DELETE', `/topics/${encodeURIComponent(name)}`, { confirm: typed });
      tell(`Topic ${name} is deleted, with ${counted(messages, 'message')}.`);
      onClose(true);
    });
  };
  return (
    <Dialog title={`Delete ${name}?`} onClose={() => onClose(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove();
        }}
      >
        <p>
          {counted(messages, 'message')} and the offsets of its groups will be gone.
          {purpose === null ? null : ` It is one of the product’s own topics and carries: ${purpose}.`}
        </p>
        <Field
          label="Type its name"
          name="confirm"
          failure={failure}
          control={(ids) => (
            <input
              {...ids}
              autoComplete="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        />
        {failure?.field === null ? <FailureNote failure={failure} /> : null}
        <footer>
          <button type="submit" class="danger" disabled={isBusy || typed !== name}>
            Delete
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
