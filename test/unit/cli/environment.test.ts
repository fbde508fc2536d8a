import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands/index.ts';
import { AWS_COMMANDS, hintFor } from '../../../lib/cli/environment.ts';

describe('--env', () => {
  it.each(COMMANDS)('is taken by $name where it makes sense, by each of its subcommands', async ({ name, load }) => {
    const command = new Command(name);
    (await load()).define(command);
    const acting = [command, ...command.commands].filter(({ options }) =>
      options.some(({ long }) => long === '--data-dir'),
    );
    // It asks whose limits count, and measures on the local stack.
    for (const each of name === 'capacity' ? [] : acting) {
      expect(each.options.some(({ long }) => long === '--env')).toBe(AWS_COMMANDS.includes(name));
    }
  });

  it('stays in the hints, and hints about what only the local stack has are not given', () => {
    expect(hintFor('./stream-manager.sh topics', 'prod')).toBe('./stream-manager.sh topics --env prod');
    expect(hintFor('./stream-manager.sh logs redis', 'prod')).toBeUndefined();
    expect(hintFor('./stream-manager.sh logs redis')).toBe('./stream-manager.sh logs redis');
    expect(hintFor('the same without --dry-run', 'prod')).toBe('the same without --dry-run');
  });
});
