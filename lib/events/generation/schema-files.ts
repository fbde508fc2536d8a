import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isEventType, TOPICS } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import type { SchemaFile } from './typescript.ts';

/**
 * The schema files of a folder, by name.
 *
 * @throws StreamError SCHEMA_UNKNOWN for a file without an event type, or an event type without a file
 */
export const readSchemaFiles = async (folder: string): Promise<readonly SchemaFile[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.avsc')).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<SchemaFile> => {
      const eventType = basename(name, '.avsc');
      if (!isEventType(eventType)) {
        throw new StreamError('SCHEMA_UNKNOWN', `No topic of the catalog has the event type ${eventType}.`, {
          next: `Add it to an entry of lib/catalog/topics.ts, or remove schemas/${name}`,
        });
      }
      return { eventType, schema: JSON.parse(await readFile(join(folder, name), 'utf8')) };
    }),
  );
  const known = new Set(files.map(({ eventType }) => eventType));
  const missing = TOPICS.flatMap(({ events }) => Object.keys(events)).filter((type) => !known.has(type));
  if (missing.length > 0) {
    throw new StreamError('SCHEMA_UNKNOWN', `The catalog has event types without a schema: ${missing.join(', ')}.`, {
      next: 'Write schemas/<event type>.avsc',
    });
  }
  return files;
};
