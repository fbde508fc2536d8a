import { Argument, Command } from 'commander';
import { stackPaths } from '../../local/paths.ts';
import { oneOf } from '../arguments.ts';
import type { Shell } from '../completion/index.ts';
import { examples } from '../help.ts';
import { note, noteColours, print } from '../terminal.ts';
import type { CommandEntry } from './index.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const satisfies readonly Shell[];

/** @param commands every command: they are completed as they are declared */
export const define = (command: Command, commands: readonly CommandEntry[]): void => {
  command
    .addArgument(new Argument('<SHELL>', SHELLS.join(', ')).argParser(oneOf(SHELLS)))
    .action((shell: Shell) => run(shell, commands));
  examples(command, {
    'completion bash > ~/.stream-manager.bash': 'then: echo "source ~/.stream-manager.bash" >> ~/.bashrc',
    'completion zsh > ~/.stream-manager.zsh': 'then, after compinit: echo "source ~/.stream-manager.zsh" >> ~/.zshrc',
    'completion fish > ~/.config/fish/completions/stream-manager.sh.fish': 'fish finds it there by itself',
  });
};

/** The commands as they are declared; that takes a second, once. */
export const declared = (commands: readonly CommandEntry[]) =>
  Promise.all(
    commands.map(async (entry) => {
      const command = new Command(entry.name);
      (await entry.load()).define(command);
      return { entry, command };
    }),
  );

const run = async (shell: Shell, commands: readonly CommandEntry[]): Promise<void> => {
  const { answersOf } = await import('../completion/answers.ts');
  const { SCRIPTS } = await import('../completion/index.ts');
  const answers = answersOf(await declared(commands));
  print(SCRIPTS[shell]({ answers, dataDir: stackPaths(undefined, {}).root }).trimEnd());
  if (process.stdout.isTTY === true) note(noteColours.dim('How to install it: ./stream-manager.sh completion --help'));
};
