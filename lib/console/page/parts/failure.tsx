import type { ApiError } from '../api.ts';

/** What went wrong, and what to do about it. */
export const FailureNote = ({ failure, again }: { failure: ApiError | undefined; again?: () => void }) =>
  failure === undefined ? null : (
    <div class="failure" role="alert">
      <strong>{failure.message}</strong>
      {failure.next === null ? null : <span>{failure.next}</span>}
      {again === undefined ? null : (
        <button type="button" class="quiet" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
