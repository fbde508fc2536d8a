import { existsSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { DATABASE, databaseUrl } from '../database.ts';
import { postgres as probe, slots } from '../probes.ts';
import { run } from '../run.ts';
import { byOrdinaryUser, giveToOrdinaryUser } from './ordinary-user.ts';
import { isAtRest, orphansGone } from './postgres-orphans.ts';
import type { NativePlace, Service } from './service.ts';

/** Of both engines. */
export const POSTGRES_VERSION = '18.4';

/** Settings of a server that is alone on a laptop. Names as in PostgreSQL's documentation, chapter 19. */
const ALONE = {
  // What the outbox connector reads from.
  wal_level: 'logical',
  max_wal_senders: '8',
  max_replication_slots: '8',
  max_connections: '50',
  shared_buffers: '32MB',
  // What `connectors load` counts statements with.
  shared_preload_libraries: 'pg_stat_statements',
} as const;

const settings = (more: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries({ ...ALONE, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Without these it is no database (PostgreSQL’s documentation, "Database File Layout"). */
const NEEDED = ['PG_VERSION', 'base', 'global/pg_control', 'pg_wal'];

const binary = ({ packageFolder }: NativePlace, name: string): string =>
  join(packageFolder('postgres'), 'native', 'bin', name);

const filesIn = ({ data }: NativePlace): string => join(data, 'db');

/** Makes the files of the database, once; beside their place, so that they are found whole or not at all. */
const initialise = async (place: NativePlace): Promise<void> => {
  const files = filesIn(place);
  if (existsSync(files)) return;
  const draft = join(place.data, 'db.draft');
  const password = join(place.data, 'password');
  await giveToOrdinaryUser(place.data);
  await rm(draft, { recursive: true, force: true });
  await writeFile(password, DATABASE.password);
  // It is read by whom the server runs as; nothing else of this machine's is secret in it.
  await chmod(password, 0o644);
  const how = ['--auth=scram-sha-256', `--pwfile=${password}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  const { program, args } = byOrdinaryUser({
    program: binary(place, 'initdb'),
    args: ['-D', draft, '-U', DATABASE.user, ...how],
  });
  const { code, output } = await run(program, args, { cwd: place.data });
  await rm(password, { force: true });
  if (code !== 0) {
    throw new StreamError(
      'SERVICE_FAILED',
      `PostgreSQL’s files could not be made: ${output.trim().split('\n').at(-1)}`,
    );
  }
  await rename(draft, files);
};

export const postgres: Service = {
  name: 'postgres',
  extra: 'connect',
  title: 'PostgreSQL',
  container: 'qr-postgres',
  listens: ['postgres'],
  endpoint: (port) => databaseUrl(port),
  probe,
  health: slots,
  native: {
    packages: ['postgres'],
    damage: async (data, hadData) => {
      const files = join(data, 'db');
      if (!existsSync(files)) return hadData ? 'the database’s files are missing' : undefined;
      const missing = NEEDED.filter((name) => !existsSync(join(files, name)));
      return missing.length === 0 ? undefined : `the database has no ${missing.join(', ')}`;
    },
    lastWords: [
      [/invalid checkpoint record|could not locate a valid checkpoint/, 'its log has no valid checkpoint'],
      [/FATAL: {2}could not (?:open|read) file/, 'it cannot read its files'],
    ],
    withoutData:
      'move it aside and have its tables made anew: ./stream-manager.sh start --without connect, then stop and start --with connect',
    // SIGTERM would wait for every client to leave; this one ends their sessions (PostgreSQL's documentation, 18.5).
    stopSignal: 'SIGINT',
    isAtRest: (data) => isAtRest(join(data, 'db')),
    prepare: async (place) => {
      await initialise(place);
      await orphansGone(filesIn(place));
    },
    command: (place) =>
      byOrdinaryUser({
        program: binary(place, 'postgres'),
        args: [
          '-D',
          filesIn(place),
          ...settings({
            listen_addresses: '127.0.0.1',
            port: String(place.ports.postgres),
            // A socket's path would be too long in some folders, and all clients come over TCP.
            unix_socket_directories: '',
          }),
        ],
      }),
  },
  docker: {
    // Tags and folders as in docker-library/docs, postgres/README.md: from 18 on the volume is the folder above the data.
    image: `postgres:${POSTGRES_VERSION}-alpine`,
    command: ['postgres', ...settings()],
    environment: {
      POSTGRES_USER: DATABASE.user,
      POSTGRES_PASSWORD: DATABASE.password,
      POSTGRES_DB: DATABASE.name,
    },
    port: 5432,
    volume: '/var/lib/postgresql',
    // Over TCP: while the image makes its files, a first server answers on the socket only.
    healthCheck: `pg_isready --quiet --host 127.0.0.1 --username ${DATABASE.user}`,
    memory: '512m',
  },
};
