import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { messageOf, StreamError } from '../lib/errors.ts';
import { GENERATED } from '../lib/events/generation/current.ts';
import { readSchemaFiles } from '../lib/events/generation/schema-files.ts';
import { generatedModules } from '../lib/events/generation/typescript.ts';

/**
 * Writes what is made from the schema files and from the service list: `npm run generate`. With `--check` nothing is
 * written, and the exit code is 1 when a file is not what it would be.
 */
const ROOT = resolve(import.meta.dirname, '..');

const main = async (check: boolean): Promise<void> => {
  const { payloads, schemas } = generatedModules(await readSchemaFiles(join(ROOT, 'schemas')));
  const outputs = [
    { path: join(ROOT, GENERATED.payloads), text: async () => payloads },
    { path: join(ROOT, GENERATED.schemas), text: async () => schemas },
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
