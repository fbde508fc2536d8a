import { join, resolve } from 'node:path';
import { SCHEDULED_FUNCTIONS, TOPICS } from '../../catalog/index.ts';
import { messageOf } from '../../errors.ts';
import { PROJECT_ROOT } from '../../functions/index.ts';
import { settingsFrom } from '../../settings.ts';
import { FunctionHost } from './host.ts';

/**
 * The process of the local functions. Environment: the components as in Settings, QR_FUNCTIONS_PORT (9001), QR_DATA_DIR
 * (`.streams`), QR_LOCAL_CONCURRENCY (environments a function, the number of processors), QR_PAUSED_TOPICS (topics, with commas
 * between, whose mapping begins paused).
 */
const main = async (): Promise<void> => {
  const { env } = process;
  const dataDir = resolve(env.QR_DATA_DIR ?? join(PROJECT_ROOT, '.streams'));
  const concurrency = Number(env.QR_LOCAL_CONCURRENCY);
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  const host = await FunctionHost.start({
    settings: settingsFrom(env),
    topics: TOPICS,
    scheduled: SCHEDULED_FUNCTIONS,
    port: Number(env.QR_FUNCTIONS_PORT ?? 9001),
    logDir: join(dataDir, 'logs'),
    deadLetterDir: join(dataDir, 'data', 'dead-letters'),
    outDir: join(PROJECT_ROOT, 'dist'),
    paused: (env.QR_PAUSED_TOPICS ?? '').split(','),
    ...(concurrency > 0 ? { concurrency } : {}),
    log,
  });
  log(
    `functions on http://127.0.0.1:${host.port}: ${
      host
        .mappings()
        .map(({ topic }) => topic)
        .join(', ') || 'none'
    }`,
  );
  const stop = async () => {
    log('stopping');
    await host.stop().catch((error: unknown) => log(messageOf(error)));
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
};

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
