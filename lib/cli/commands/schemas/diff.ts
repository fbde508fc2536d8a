import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import { SCHEMA_FILES } from '../../../local/schema-files.ts';
import type { FieldChange } from '../../../operations/schemas/changes.ts';
import { integer } from '../../arguments.ts';
import { escaped } from '../../escape.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command
    .description('in what two schemas of a subject differ: a file and the newest version, or two versions')
    .argument('<SUBJECT>', 'a schema file, a subject or an event type')
    .argument('[FROM]', 'a version (the newest)', integer(1))
    .argument('[TO]', 'another version (the file)', integer(1));
  placeFlags(jsonFlag(command.option('--subject <SUBJECT>', 'the subject of a file that is not the catalog’s'))).action(
    run,
  );
};

interface Options extends StackChoice {
  readonly subject?: string;
  readonly json?: boolean;
}

const run = async (name: string, from: number | undefined, to: number | undefined, options: Options): Promise<void> => {
  const { openRegistry } = await import('../../../events/index.ts');
  const { changesBetween } = await import('../../../operations/schemas/changes.ts');
  const { findSchemaFile } = await import('../../../operations/schemas/files.ts');
  const { avroVersion, readVersion, requireSubject } = await import('../../../operations/schemas/registered.ts');
  const registry = openRegistry(await settingsOf(options));
  const isFile = name.endsWith('.avsc') || name.includes('/');
  if (isFile && to !== undefined) {
    throw new StreamError('USAGE', 'A file is compared with one version.', { next: 'Leave TO out, or name a subject' });
  }
  const file = to === undefined ? await findSchemaFile(name, SCHEMA_FILES, options.subject) : undefined;
  const found = await requireSubject(registry, file?.subject ?? name);
  const typeOf = async (number?: number) => {
    const { version, type } = avroVersion(await readVersion(registry, found, number), found);
    return { name: `version ${version}`, type };
  };
  const before = await typeOf(from);
  const after = file === undefined ? await typeOf(to) : { name: file.path, type: file.type };
  const changes = changesBetween(before.type, after.type);
  if (options.json === true) {
    return printJson({ subject: found.subject, from: before.name, to: after.name, changes });
  }
  print(`${colours.bold(found.subject)}: ${before.name} → ${after.name}\n`);
  print(changes.length === 0 ? 'No difference.' : changeTable(changes));
  if (file !== undefined) printNext(`./stream-manager.sh schemas check ${name}`);
};

const CHARACTERS = 60;

const cell = (text: string | null): string =>
  text === null ? '-' : escaped(text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text);

const KINDS: Readonly<Record<FieldChange['kind'], (text: string) => string>> = {
  added: colours.green,
  removed: colours.red,
  type: colours.yellow,
  default: colours.yellow,
  doc: colours.dim,
};

const changeTable = (changes: readonly FieldChange[]): string =>
  table(
    ['FIELD', 'CHANGE', 'FROM', 'TO'],
    changes.map(({ path, kind, from, to }) => [path || '(record)', KINDS[kind](kind), cell(from), cell(to)]),
  );
