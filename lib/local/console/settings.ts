import { StreamError } from '../../errors.ts';

/** Who may use the console, and for what. */
export interface ConsoleSettings {
  /** `QR_CONSOLE_ADDRESS`: where it listens; 127.0.0.1 unless given. Any other address wants a token. */
  readonly address: string;
  /** `QR_CONSOLE_TOKEN`: what the page asks for before it shows anything. */
  readonly token: string | undefined;
  /** `QR_CONSOLE_READ_ONLY=1`: nothing can be changed. */
  readonly readOnly: boolean;
}

/** Shorter ones can be guessed over a network within days. */
const TOKEN_CHARACTERS = 16;
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

export const isLoopback = (address: string): boolean => LOOPBACK.test(address);

/** @throws StreamError USAGE for an address of the network without a token, and for a token that can be guessed */
export const consoleSettings = (env: NodeJS.ProcessEnv = process.env): ConsoleSettings => {
  const address = env.QR_CONSOLE_ADDRESS || '127.0.0.1';
  const token = env.QR_CONSOLE_TOKEN || undefined;
  const next = 'Set QR_CONSOLE_TOKEN to the output of: openssl rand -hex 16';
  if (token === undefined && !isLoopback(address)) {
    throw new StreamError('USAGE', `The console listens on ${address} only with a token.`, { next });
  }
  if (token !== undefined && token.length < TOKEN_CHARACTERS) {
    throw new StreamError('USAGE', `QR_CONSOLE_TOKEN has at least ${TOKEN_CHARACTERS} characters.`, { next });
  }
  return { address, token, readOnly: env.QR_CONSOLE_READ_ONLY === '1' };
};
