import pg from 'pg';
import { messageOf, StreamError } from '../../errors.ts';

/** Answers to questions in SQL; a client of `pg`, or of whatever else a service uses. */
export interface Database {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

const CONNECTION_MS = 2_000;

/** A database's address without who it is for. */
const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
};

/**
 * Connects for some work and closes the connection after it.
 *
 * @param url `postgresql://user:password@host:port/database`
 * @throws StreamError SERVICE_FAILED when the database is out of reach or says no, without the password
 */
export const withDatabase = async <Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECTION_MS,
    application_name: 'qr-streams',
  });
  // A connection that breaks while nothing is asked tells so by an event; the next question fails by itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work({ query: (text, values) => client.query(text, values === undefined ? undefined : [...values]) });
  } catch (error) {
    if (error instanceof StreamError) throw error;
    throw new StreamError('SERVICE_FAILED', `PostgreSQL at ${placeOf(url)}: ${messageOf(error)}`, {
      next: 'Is it there? ./stream-manager.sh start --with connect',
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
};
