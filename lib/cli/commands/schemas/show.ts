import type { Command } from 'commander';
import { integer } from '../../arguments.ts';
import { escaped } from '../../escape.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly version?: number;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('one schema of the registry')
    .argument('<SUBJECT>', 'a subject, or an event type')
    .option('--version <N>', 'the version (the newest)', integer(1));
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (name: string, options: Options): Promise<void> => {
  const { kindName, openRegistry } = await import('../../../events/index.ts');
  const { readVersion, requireSubject } = await import('../../../operations/schemas/registered.ts');
  const registry = openRegistry(await settingsOf(options));
  const found = await requireSubject(registry, name);
  const { version, id, kind, text } = await readVersion(registry, found, options.version);
  const { subject, eventType, compatibility, versions } = found;
  const schema: unknown = kind === 'PROTOBUF' ? text : JSON.parse(text);
  if (options.json === true) return printJson({ subject, eventType, compatibility, version, id, kind, schema });
  const place = `${kindName(kind)}, version ${version} of ${versions.length}, id ${id}, ${compatibility}`;
  print(`${colours.bold(subject)}  ${colours.dim(place)}\n`);
  print(escaped(typeof schema === 'string' ? schema : JSON.stringify(schema, null, 2)));
  printNext(
    versions.length > 1
      ? `./stream-manager.sh schemas diff ${name} ${versions.at(-2)?.version} ${versions.at(-1)?.version}`
      : `./stream-manager.sh schemas diff ${name}`,
  );
};
