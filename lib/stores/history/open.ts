import { PermanentError } from '../../errors.ts';
import { type Settings, settingsFrom } from '../../settings.ts';
import type { ObjectStore } from '../objects.ts';
import { databaseHistory } from './database.ts';
import type { History } from './history.ts';
import { objectHistory } from './objects.ts';

export type HistorySettings = Pick<Settings, 'history' | 'databaseUrl' | 'databaseSecretArn' | 'awsEndpoint'>;

/**
 * The history of an environment, where its settings say it lies.
 *
 * @throws PermanentError PREREQUISITE_MISSING when it lies in a database and the settings do not say where that is
 */
export const openHistory = (settings: HistorySettings, objects: ObjectStore): History => {
  if (settings.history === 'objects') return objectHistory(objects);
  const { databaseUrl, databaseSecretArn } = settings;
  if (databaseUrl === undefined) {
    throw new PermanentError('PREREQUISITE_MISSING', 'History lies in PostgreSQL, and nothing says where that is.', {
      next: 'Set QR_DATABASE_URL, or QR_HISTORY=objects',
    });
  }
  return databaseHistory(async () => {
    if (databaseSecretArn === undefined) return databaseUrl;
    // Loaded where it is needed: on a laptop the address says it all.
    const { readSecret } = await import('../secrets.ts');
    return withCredentials(databaseUrl, await readSecret(settings, databaseSecretArn));
  });
};

/** @param secret a JSON object with `username` and `password`, as RDS keeps them */
const withCredentials = (address: string, secret: string): string => {
  const { username, password }: Readonly<Record<string, string | undefined>> = JSON.parse(secret);
  const url = new URL(address);
  url.username = encodeURIComponent(username ?? '');
  url.password = encodeURIComponent(password ?? '');
  return url.href;
};

const opened = new WeakMap<ObjectStore, History>();

/** The history of the environment this process runs in; opened once. */
export const historyHere = (objects: ObjectStore): History => {
  const known = opened.get(objects);
  if (known !== undefined) return known;
  const history = openHistory(settingsFrom(), objects);
  opened.set(objects, history);
  return history;
};
