import { useState } from 'preact/hooks';
import { change } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { tell } from '../../parts/toast.tsx';
import { useChange } from '../../use-change.ts';

/** Asks for a batch of made-up codes, as `demo` does. */
export const CreateBatch = ({ onClose }: { onClose: () => void }) => {
  const [items, setItems] = useState('1000');
  const [format, setFormat] = useState('png');
  const { run, failure, isBusy } = useChange();
  const create = (): void => {
    run(async () => {
      const { batchId } = await change<{ batchId: string }>('POST', '/batches', { items, format });
      tell(`Batch ${batchId} is requested.`);
      onClose();
    });
  };
  return (
    <Dialog title="Request a demo batch" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <div class="pair">
          <Field
            label="Codes"
            name="items"
            hint="1 to 250,000"
            failure={failure}
            control={(ids) => (
              <input
                {...ids}
                inputMode="numeric"
                value={items}
                onInput={(event) => setItems(event.currentTarget.value)}
              />
            )}
          />
          <Field
            label="Format"
            name="format"
            failure={failure}
            control={(ids) => (
              <select {...ids} value={format} onChange={(event) => setFormat(event.currentTarget.value)}>
                <option>png</option>
                <option>svg</option>
                <option>pdf</option>
              </select>
            )}
          />
        </div>
        {failure?.field === null ? <FailureNote failure={failure} /> : null}
        <footer>
          <button type="submit" class="main" disabled={isBusy || items === ''}>
            Request it
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
