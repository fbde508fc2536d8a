import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SearchServer } from './client.ts';

/** The project's index templates: a file each, as `PUT _index_template` takes it. */
export const TEMPLATES = join(import.meta.dirname, '..', '..', '..', 'connect', 'search');

/** What is read of a template; the server checks the rest. */
interface Template {
  readonly index_patterns: readonly string[];
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly template: { readonly mappings: unknown };
}

interface Known {
  readonly index_templates: readonly { readonly index_template: Template }[];
}

/**
 * Makes new indices what the files say, and gives the fields that are new to those that are there. Done again it changes
 * nothing.
 *
 * @returns what was done, in words, for people
 * @throws StreamError REFUSED with the server's reason, e.g. for a field that has another type in an index that is there
 */
export const applyTemplates = async (search: SearchServer, folder: string = TEMPLATES): Promise<string[]> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const done: string[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    const name = `qr-${basename(file, '.json')}`;
    if (await applyTemplate(search, name, text)) done.push(`index template ${name}`);
  }
  return done;
};

/** What the server keeps says by its checksum which file it was: it spells settings in another way than files do. */
const applyTemplate = async (search: SearchServer, name: string, text: string): Promise<boolean> => {
  const template: Template = JSON.parse(text);
  const checksum = createHash('sha256').update(text).digest('hex');
  const known = await search.ask<Known>('GET', `/_index_template/${name}`);
  if (known?.index_templates[0]?.index_template._meta?.checksum === checksum) return false;
  const pattern = template.index_patterns.join(',');
  // First what may be refused: a template that is there has reached every index.
  const indices = await search.ask<Record<string, unknown>>('GET', `/${pattern}/_mapping`);
  if (indices !== undefined && Object.keys(indices).length > 0) {
    await search.ask('PUT', `/${pattern}/_mapping`, template.template.mappings);
  }
  await search.ask('PUT', `/_index_template/${name}`, { ...template, _meta: { ...template._meta, checksum } });
  return true;
};
