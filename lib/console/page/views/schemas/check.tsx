import { useState } from 'preact/hooks';
import type { Standing } from '../../../../operations/schemas/review.ts';
import type { CheckedSchema, ShownSchema } from '../../../server/routes/schemas-types.ts';
import { change } from '../../api.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { pathTo } from '../../router.ts';
import { useChange } from '../../use-change.ts';

const WORDS: Readonly<Record<Standing, readonly [tone: Tone, text: string]>> = {
  known: ['plain', 'registered as it stands'],
  new: ['ok', 'would be the first version'],
  changed: ['ok', 'would be a new version'],
  breaks: ['bad', 'breaks readers'],
};

const Verdict = ({ checked: { standing, version, findings } }: { checked: CheckedSchema }) => {
  const [tone, text] = WORDS[standing];
  return (
    <section class="verdict" aria-label="Verdict" aria-live="polite">
      <p>
        <Badge tone={tone}>{text}</Badge> {version === null ? null : `It is version ${version}.`}
        {findings.length === 0 ? ' Every reader can read it, and it can read every record.' : null}
      </p>
      <ul>
        {findings.map((finding) => (
          <li key={finding.text} class={finding.isBreaking ? 'bad' : 'warn'}>
            {finding.text}
            {finding.isBreaking ? '' : ', until they have this one'}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Which change of a pasted schema breaks which reader; nothing is registered. */
export const CheckSchema = ({ shown }: { shown: ShownSchema }) => {
  const [text, setText] = useState(JSON.stringify(shown.schema, null, 2));
  const [checked, setChecked] = useState<CheckedSchema | undefined>(undefined);
  const { run, failure, isBusy } = useChange();
  const check = (): void => {
    run(async () => {
      setChecked(undefined);
      setChecked(await change<CheckedSchema>('POST', pathTo(['schemas', shown.subject, 'check']), { schema: text }));
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
    >
      <Field
        label="Schema"
        name="schema"
        hint={`Begins as version ${shown.version}. Change it, or paste another; nothing is registered.`}
        failure={failure}
        control={(ids) => (
          <textarea
            {...ids}
            rows={16}
            required
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      />
      {failure?.field === null ? <FailureNote failure={failure} /> : null}
      <footer>
        <button type="submit" class="main" disabled={isBusy || text.trim() === ''}>
          Check
        </button>
      </footer>
      {checked === undefined ? null : <Verdict checked={checked} />}
    </form>
  );
};
