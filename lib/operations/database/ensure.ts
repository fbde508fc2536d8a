import { withDatabase } from './client.ts';

/**
 * Makes the database that an address names, when the server lacks it.
 *
 * @param url of somebody who may make databases
 * @throws StreamError SERVICE_FAILED
 */
export const ensureDatabase = async (url: string): Promise<void> => {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  await withDatabase(server.href, async (db) => {
    const { rows } = await db.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rows.length === 0) await db.query(`CREATE DATABASE "${name.replaceAll('"', '""')}"`);
  });
};
