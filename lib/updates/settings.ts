import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../errors.ts';
import { settingsFrom } from '../settings.ts';

/** What a server of updates reads from its environment, beside where Redis is. */
export interface UpdatesSettings {
  /** `QR_UPDATES_SECRET`: signs tokens. */
  readonly secret: string | undefined;
  /** `QR_UPDATES_SECRET_ARN`: the secret of Secrets Manager that holds it, where there is no `QR_UPDATES_SECRET`. */
  readonly secretArn: string | undefined;
  /** `QR_UPDATES_ORIGINS`: origins whose pages may read, comma separated. */
  readonly origins: readonly string[];
  /** `PORT`: where it listens; 8080 unless given. */
  readonly port: number;
  /** `QR_UPDATES_CONNECTIONS`: how many connections it takes, where that is not the default. */
  readonly connections: number | undefined;
}

export const updatesSettingsFrom = (env: NodeJS.ProcessEnv = process.env): UpdatesSettings => ({
  secret: env.QR_UPDATES_SECRET,
  secretArn: env.QR_UPDATES_SECRET_ARN,
  origins: (env.QR_UPDATES_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []),
  port: Number(env.PORT ?? 8080),
  connections: env.QR_UPDATES_CONNECTIONS === undefined ? undefined : Number(env.QR_UPDATES_CONNECTIONS),
});

/**
 * The secret that signs tokens: the variable's, else what Secrets Manager has.
 *
 * @throws PermanentError PREREQUISITE_MISSING where neither is named, TransientError where AWS does not give it
 */
export const updatesSecret = async ({ secret, secretArn }: UpdatesSettings): Promise<string> => {
  if (secret !== undefined && secret !== '') return secret;
  if (secretArn === undefined) {
    throw new PermanentError('PREREQUISITE_MISSING', 'There is no secret for the tokens of updates.', {
      next: 'Set QR_UPDATES_SECRET, or QR_UPDATES_SECRET_ARN',
    });
  }
  // Loaded where it is needed: a laptop has no use for it.
  const { readSecret } = await import('../stores/secrets.ts');
  return readSecret(settingsFrom(), secretArn);
};

/**
 * The secret of a local stack: `QR_UPDATES_SECRET`, else one of its own, made at random when it is first asked for and kept in
 * the stack's folder, so that nobody who does not read that folder can make a token.
 *
 * @param folder of the stack
 */
export const localUpdatesSecret = async (folder: string, env: NodeJS.ProcessEnv = process.env): Promise<string> => {
  const { secret } = updatesSettingsFrom(env);
  if (secret !== undefined && secret !== '') return secret;
  const path = join(folder, 'updates-secret');
  await mkdir(folder, { recursive: true });
  // Whoever comes first makes it; everybody else reads what that one has written.
  await writeFile(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return readFile(path, 'utf8');
};
