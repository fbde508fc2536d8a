import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { isEventType, TOPICS } from '../lib/catalog/index.ts';
import { messageOf, StreamError } from '../lib/errors.ts';
import { generatedModules, type SchemaFile } from '../lib/events/generation/typescript.ts';

/**
 * Writes what is made from the schema files and from the service list: `npm run generate`. With `--check` nothing is
 * written, and the exit code is 1 when a file is not what it would be.
 */
const ROOT = resolve(import.meta.dirname, '..');

const schemaFiles = async (): Promise<readonly SchemaFile[]> => {
  const folder = join(ROOT, 'schemas');
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

const main = async (check: boolean): Promise<void> => {
  const { payloads, schemas } = generatedModules(await schemaFiles());
  const outputs = [
    { path: join(ROOT, 'lib/events/payloads.generated.ts'), text: async () => payloads },
    { path: join(ROOT, 'lib/events/schemas.generated.ts'), text: async () => schemas },
    // Last, and loaded only then: what it is made from reads the generated modules, which may lack a new event type until now.
    {
      path: join(ROOT, 'docker-compose.yml'),
      text: async () => (await import('../lib/local/docker/compose.ts')).composeFile(),
    },
  ];
  const stale: string[] = [];
  for (const { path, text: made } of outputs) {
    if (check && stale.length > 0) break;
    const text = await made();
    const found = await readFile(path, 'utf8').catch(() => '');
    if (found === text) continue;
    stale.push(relative(ROOT, path));
    if (!check) await writeFile(path, text);
  }
  if (!check) console.log(stale.length === 0 ? 'Everything is up to date.' : `Written: ${stale.join(', ')}`);
  else if (stale.length > 0) {
    throw new StreamError('SCHEMA_INCOMPATIBLE', `Not up to date: ${stale.join(', ')}.`, { next: 'npm run generate' });
  } else console.log(`${outputs.length} generated files are up to date.`);
};

try {
  await main(process.argv.includes('--check'));
} catch (error) {
  console.error(messageOf(error) + (error instanceof StreamError && error.next ? `\n${error.next}` : ''));
  process.exitCode = 1;
}
