import { useState } from 'preact/hooks';
import { change } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { tell } from '../../parts/toast.tsx';
import { useChange } from '../../use-change.ts';

const DAY_MS = 86_400_000;

/** Milliseconds of days, -1 (for ever) for none. */
const retentionOf = (days: string): number => (days.trim() === '' ? -1 : Math.round(Number(days) * DAY_MS));

export const CreateTopic = ({ onClose }: { onClose: (created: string | undefined) => void }) => {
  const [name, setName] = useState('');
  const [partitions, setPartitions] = useState('3');
  const [days, setDays] = useState('7');
  const { run, failure, isBusy } = useChange();
  const create = (): void => {
    run(async () => {
      await change('POST', '/topics', { name, partitions, retentionMs: retentionOf(days) });
      tell(`Topic ${name} is there.`);
      onClose(name);
    });
  };
  return (
    <Dialog title="Create a topic" onClose={() => onClose(undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <Field
          label="Name"
          name="name"
          hint="Letters, digits, . _ and -"
          failure={failure}
          control={(ids) => (
            <input {...ids} required value={name} onInput={(event) => setName(event.currentTarget.value)} />
          )}
        />
        <div class="pair">
          <Field
            label="Partitions"
            name="partitions"
            failure={failure}
            control={(ids) => (
              <input
                {...ids}
                inputMode="numeric"
                value={partitions}
                onInput={(event) => setPartitions(event.currentTarget.value)}
              />
            )}
          />
          <Field
            label="Kept for days"
            name="retentionMs"
            hint="Empty: for ever"
            failure={failure}
            control={(ids) => (
              <input
                {...ids}
                inputMode="decimal"
                value={days}
                onInput={(event) => setDays(event.currentTarget.value)}
              />
            )}
          />
        </div>
        {failure?.field === null ? <FailureNote failure={failure} /> : null}
        <footer>
          <button type="submit" class="main" disabled={isBusy || name === ''}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
