import { messageOf, StreamError } from '../errors.ts';
import { settingsFrom } from '../settings.ts';
import { connectionsMetric } from './metrics.ts';
import { serveUpdates } from './server.ts';
import { updatesSecret, updatesSettingsFrom } from './settings.ts';

/** What the container runs: the server, until it is told to end. */

const METRICS_EVERY_MS = 60_000;

const say = (level: 'INFO' | 'ERROR', message: string, more: Readonly<Record<string, unknown>> = {}): void =>
  console.log(JSON.stringify({ level, timestamp: new Date().toISOString(), message, ...more }));

try {
  const settings = updatesSettingsFrom();
  const { origins, port, connections } = settings;
  const server = await serveUpdates({
    redis: settingsFrom(),
    secret: await updatesSecret(settings),
    origins,
    port,
    ...(connections === undefined ? {} : { limits: { connections } }),
  });
  say('INFO', 'listening', { port: server.port });
  const metrics = setInterval(() => {
    const line = connectionsMetric(server.connections, process.env);
    if (line !== undefined) console.log(line);
  }, METRICS_EVERY_MS);
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      clearInterval(metrics);
      say('INFO', 'closing', { connections: server.connections });
      void server.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  say('ERROR', messageOf(error), error instanceof StreamError ? { code: error.code, next: error.next } : {});
  process.exitCode = 1;
}
