import { fileURLToPath } from 'node:url';

/** The server as it is bundled: for the container in AWS, and to run it natively. */
export const UPDATES_SERVER = {
  name: 'updates-server',
  source: fileURLToPath(new URL('main.ts', import.meta.url)),
} as const;
