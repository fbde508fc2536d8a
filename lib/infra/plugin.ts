import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StreamError } from '../errors.ts';
import { PROJECT_ROOT } from '../functions/index.ts';

/** Where `npm run build:plugin` leaves what MSK Connect is given. */
export const PLUGIN_ARCHIVE = join(PROJECT_ROOT, 'dist', 'connect', 'qr-connect.zip');

/**
 * The archive of the plugin. It is built before, because that takes Maven and a JDK, which most who synthesise do not need.
 *
 * @throws StreamError PREREQUISITE_MISSING when nobody has
 */
export const pluginArchive = (file: string = PLUGIN_ARCHIVE): string => {
  if (existsSync(file)) return file;
  throw new StreamError(
    'PREREQUISITE_MISSING',
    'The plugin of MSK Connect is not built, and this environment has connectors.',
    {
      next: 'Build it, with Maven and a JDK 17: npm run build:plugin',
    },
  );
};
