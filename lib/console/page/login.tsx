import { useState } from 'preact/hooks';
import { ApiError, login } from './api.ts';
import { Field } from './parts/field.tsx';

/** Asks for the token, once a browser and day. */
export const Login = () => {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const send = (): void => {
    login(token).catch((error: unknown) => {
      if (error instanceof ApiError)
        setFailure(new ApiError(error.status, { ...error, error: error.message, field: 'token' }));
    });
  };
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <h1>QR streams</h1>
        <Field
          label="Token"
          name="token"
          hint="It was set as QR_CONSOLE_TOKEN when the stack was started."
          failure={failure}
          control={(ids) => (
            <input
              {...ids}
              type="password"
              autoComplete="current-password"
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        />
        <button type="submit" class="main" disabled={token === ''}>
          Open the console
        </button>
      </form>
    </main>
  );
};
