import type { ConnectorConfig } from '../../lib/operations/connectors/index.ts';

/** A sink whose database nobody is at: Connect takes it, and its task fails. */
export const BROKEN: ConnectorConfig = {
  'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
  topics: 'audit-logs',
  'connection.url': 'jdbc:postgresql://127.0.0.1:1/nowhere',
  'connection.username': 'nobody',
  'connection.password': 'none',
};
