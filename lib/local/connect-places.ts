import { databaseUrl } from './database.ts';
import type { Ports } from './ports.ts';
import { connectUrl } from './services/connect.ts';
import { searchUrl } from './services/search.ts';

/** Where the optional services of a stack are. */
export interface ConnectPlaces {
  /** Base of Kafka Connect's REST API. */
  readonly connectUrl: string;
  /** The stack's database, with who may do everything in it. */
  readonly databaseUrl: string;
  /** The server of the indices: OpenSearch, or Elasticsearch. */
  readonly searchUrl: string;
}

/** The address itself, because `localhost` may mean ::1 first, where nothing listens. */
const HOST = '127.0.0.1';

export const connectPlaces = (ports: Ports): ConnectPlaces => ({
  connectUrl: connectUrl(ports.connect, HOST),
  databaseUrl: databaseUrl(ports.postgres, HOST),
  searchUrl: searchUrl(ports.search, HOST),
});
