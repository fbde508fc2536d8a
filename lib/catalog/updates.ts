/** What the server of the updates API, its stack and its alarms share. */
export const UPDATES = {
  /** Service of its metrics; also the folder of its bundle. */
  name: 'updates',
  port: 8080,
  /** Connections of one server, in metrics it writes itself; the average is what a server carries. */
  metric: 'UpdatesConnections',
  /** Connections one server takes. */
  connections: 5_000,
} as const;
