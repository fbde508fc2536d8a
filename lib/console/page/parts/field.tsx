import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ApiError } from '../api.ts';

export interface FieldProps {
  readonly label: string;
  /** Its name in the request: a failure that names it is shown here. */
  readonly name: string;
  readonly hint?: string;
  readonly failure?: ApiError | undefined;
  /** The control; it gets the ids that tie it to its label and its failure. */
  readonly control: (ids: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ComponentChildren;
}

/** A control with its label, and what is wrong with it. */
export const Field = ({ label, name, hint, failure, control }: FieldProps) => {
  const id = useId();
  const isWrong = failure?.field === name;
  return (
    <div class={isWrong ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      {control({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': isWrong })}
      <span class="hint" id={`${id}-hint`} role={isWrong ? 'alert' : undefined}>
        {isWrong ? [failure?.message, failure?.next].filter(Boolean).join(' ') : (hint ?? ' ')}
      </span>
    </div>
  );
};
