import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { readSchemaFiles } from './schema-files.ts';
import { generatedModules } from './typescript.ts';

/** Where the modules lie that are made from the schema files, in the project. */
export const GENERATED = {
  payloads: 'lib/events/payloads.generated.ts',
  schemas: 'lib/events/schemas.generated.ts',
} as const;

/**
 * Makes sure that the generated modules are what the schema files say.
 *
 * @param root the project's folder
 * @throws StreamError SCHEMA_UNKNOWN, SCHEMA_INCOMPATIBLE
 */
export const requireCurrent = async (root: string): Promise<void> => {
  // It refuses to be loaded where an event type is missing.
  await import('../generated.ts');
  const made = generatedModules(await readSchemaFiles(join(root, 'schemas')));
  for (const name of ['schemas', 'payloads'] as const) {
    if ((await readFile(join(root, GENERATED[name]), 'utf8').catch(() => '')) === made[name]) continue;
    throw new StreamError('SCHEMA_UNKNOWN', `${GENERATED[name]} is not what schemas/*.avsc say.`, {
      next: 'Run npm run generate',
    });
  }
};
