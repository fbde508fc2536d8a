import { useState } from 'preact/hooks';
import type { MessageForm } from '../../../server/routes/messages-types.ts';
import { change } from '../../api.ts';
import { number } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { tell } from '../../parts/toast.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { useChange } from '../../use-change.ts';

/** A message that somebody is about to send. */
export interface Draft {
  readonly json: string;
  readonly key: string;
  readonly eventType: string | undefined;
}

interface Sent {
  readonly partition: number;
  readonly offset: number;
}

/** Headers as they are typed, `name: value` a line. */
const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );

export const SendMessage = ({
  topic,
  draft,
  onClose,
}: {
  topic: string;
  draft: Draft;
  onClose: (isSent: boolean) => void;
}) => {
  const form = useAnswer<MessageForm>(pathTo(['messages', topic, 'form'])).data;
  const [json, setJson] = useState(draft.json);
  const [key, setKey] = useState(draft.key);
  const [headers, setHeaders] = useState('');
  const [chosen, setChosen] = useState(draft.eventType);
  const { run, failure, isBusy } = useChange();
  const eventType = chosen ?? form?.eventTypes[0];
  const send = (): void => {
    run(async () => {
      const all = { ...headersIn(headers), ...(eventType === undefined ? {} : { 'event-type': eventType }) };
      const sent = await change<Sent>('POST', pathTo(['messages', topic]), { json, key, headers: all });
      tell(`It is on ${topic}, partition ${sent.partition}, offset ${number(sent.offset)}.`);
      onClose(true);
    });
  };
  return (
    <Dialog title={`Send to ${topic}`} onClose={() => onClose(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {form === undefined || form.eventTypes.length === 0 ? null : (
          <Field
            label="Event type"
            name="eventType"
            hint="Of a bare payload; a whole event says its own."
            failure={failure}
            control={(ids) => (
              <select {...ids} value={eventType} onChange={(event) => setChosen(event.currentTarget.value)}>
                {form.eventTypes.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            )}
          />
        )}
        <Field
          label="JSON"
          name="json"
          hint={
            form?.eventTypes.length === 0
              ? 'The topic has no event types: it is sent as it stands.'
              : 'A payload, or a whole event'
          }
          failure={failure}
          control={(ids) => (
            <textarea
              {...ids}
              rows={12}
              required
              spellcheck={false}
              value={json}
              onInput={(event) => setJson(event.currentTarget.value)}
            />
          )}
        />
        <Field
          label="Key"
          name="key"
          hint={form?.key == null ? 'None unless given' : `By the catalog’s rule unless given: ${form.key}`}
          failure={failure}
          control={(ids) => <input {...ids} value={key} onInput={(event) => setKey(event.currentTarget.value)} />}
        />
        <Field
          label="More headers"
          name="headers"
          hint="name: value, one a line"
          failure={failure}
          control={(ids) => (
            <textarea
              {...ids}
              rows={2}
              spellcheck={false}
              value={headers}
              onInput={(event) => setHeaders(event.currentTarget.value)}
            />
          )}
        />
        {failure?.field === null ? <FailureNote failure={failure} /> : null}
        <footer>
          <button type="submit" class="main" disabled={isBusy || json.trim() === ''}>
            Send
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
