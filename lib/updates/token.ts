import { sign, verify } from 'hono/jwt';
import { PermanentError } from '../errors.ts';

/** Tells these tokens from others that may be signed with the same secret. */
const AUDIENCE = 'qr-updates';
const ALGORITHM = 'HS256';

/** Seconds a token is good for unless its issuer says otherwise. */
export const TOKEN_SECONDS = 15 * 60;
/** Seconds no token may exceed: whoever holds one reads for so long. */
const LONGEST_SECONDS = 24 * 60 * 60;

/** What a token says. */
export interface TokenClaims {
  readonly userId: string;
  /** When it expires, milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A token by which a browser reads the updates of one user: a JSON Web Token (RFC 7519), HS256, with `sub` the user, `aud`
 * `qr-updates`, `iat` and `exp`, so that a back end in any language can make one too. It is issued by the application that
 * has logged the user in.
 *
 * @param ttlSeconds how long it is good for, a day at most
 * @param now milliseconds since 1970
 * @throws PermanentError USAGE without a user, or for a time that is out of range
 */
export const issueUpdatesToken = async (
  userId: string,
  secret: string,
  ttlSeconds: number = TOKEN_SECONDS,
  now: number = Date.now(),
): Promise<string> => {
  if (userId === '') throw new PermanentError('USAGE', 'A token is for one user, and none was named.');
  if (!(ttlSeconds > 0 && ttlSeconds <= LONGEST_SECONDS)) {
    throw new PermanentError('USAGE', `A token is good for 1 to ${LONGEST_SECONDS} seconds, not for ${ttlSeconds}.`);
  }
  const iat = Math.floor(now / 1_000);
  return await sign({ sub: userId, aud: AUDIENCE, iat, exp: iat + Math.ceil(ttlSeconds) }, secret, ALGORITHM);
};

/**
 * What a token of {@link issueUpdatesToken} says. The signature is compared by Web Crypto, in constant time.
 *
 * @returns undefined for one that was not made with this secret, has expired, is for something else, or is good for too long
 */
export const readUpdatesToken = async (token: string, secret: string): Promise<TokenClaims | undefined> => {
  try {
    const { sub, iat, exp } = await verify(token, secret, { alg: ALGORITHM, aud: AUDIENCE });
    if (typeof sub !== 'string' || sub === '' || typeof iat !== 'number' || typeof exp !== 'number') return undefined;
    return exp - iat > LONGEST_SECONDS ? undefined : { userId: sub, expiresAt: exp * 1_000 };
  } catch {
    // Whatever is wrong with it, whoever sent it only learns that it is not good.
    return undefined;
  }
};
