import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * `npm run schemas:release`: the schemas as they are now become the released ones, which every later schema must be able
 * to read. Done when a version goes to production; a schema file that was removed stays released, because its records
 * are still in the topics.
 */
const SCHEMAS = resolve(import.meta.dirname, '..', 'schemas');
const RELEASED = join(SCHEMAS, 'released');

await mkdir(RELEASED, { recursive: true });
const files = (await readdir(SCHEMAS)).filter((name) => name.endsWith('.avsc'));
await Promise.all(files.map((name) => copyFile(join(SCHEMAS, name), join(RELEASED, name))));
console.log(`${files.length} schemas released.`);
