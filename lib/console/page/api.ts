import { signal } from '@preact/signals';
import type { Failure } from '../server/failure.ts';
import type { Session } from '../server/session.ts';

/** A request that was refused or failed, with what to do about it. */
export class ApiError extends Error {
  readonly status: number;
  readonly next: string | null;
  /** The field of the request that is wrong. */
  readonly field: string | null;

  constructor(status: number, { error, next, field }: Pick<Failure, 'error' | 'next' | 'field'>) {
    super(error);
    this.status = status;
    this.next = next;
    this.field = field;
  }
}

/** Undefined until the server has told; `refused` while it wants its token. */
export const session = signal<Session | 'refused' | undefined>(undefined);

/** Whether something may be changed from here. */
export const mayChange = (): boolean => typeof session.value === 'object' && !session.value.readOnly;

const silent = {
  error: 'The console does not answer.',
  next: 'It runs as long as its stack does: ./stream-manager.sh start',
  field: null,
};

const failureIn = async (response: Response): Promise<ApiError> => {
  const told: Partial<Failure> = await response.json().catch(() => ({}));
  return new ApiError(response.status, {
    error: told.error ?? `The console answered with status ${response.status}.`,
    next: told.next ?? null,
    field: told.field ?? null,
  });
};

const asked = async (path: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(`/api${path}`, { ...init, credentials: 'same-origin' }).catch(() => undefined);
  if (response === undefined) throw new ApiError(0, silent);
  if (response.ok) return response;
  if (response.status === 401) session.value = 'refused';
  throw await failureIn(response);
};

/** Asks for something. @throws ApiError */
export const get = async <Answer>(path: string, signal?: AbortSignal): Promise<Answer> => {
  const response = await asked(path, signal === undefined ? {} : { signal });
  const answer: Answer = await response.json();
  return answer;
};

/** Changes something. @throws ApiError */
export const change = async <Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: object,
): Promise<Answer> => {
  const csrf = typeof session.value === 'object' ? session.value.csrf : '';
  const headers = { 'content-type': 'application/json', 'x-qr-csrf': csrf };
  const response = await asked(path, { method, headers, body: JSON.stringify(body) });
  const answer: Answer = await response.json();
  return answer;
};

/** Asks who we are. @throws ApiError */
export const openSession = async (): Promise<void> => {
  session.value = await get<Session>('/session');
};

/** @throws ApiError for what is not the token */
export const login = async (token: string): Promise<void> => {
  await change('POST', '/login', { token });
  await openSession();
};
