import type { Stack } from '../local/stack.ts';
import { type StartChoice, stackOf } from './stack.ts';
import { startDisplay } from './start-progress.ts';
import { note } from './terminal.ts';

/** The stack a command works on, started when it is not up. */
export const broughtUp = async (choice: StartChoice): Promise<Stack> => {
  const stack = await stackOf(choice);
  if ((await stack.health()).healthy) return stack;
  note('Bringing the stack up ...');
  const display = startDisplay();
  try {
    await stack.start(display.onProgress);
  } finally {
    display.close();
  }
  return stack;
};
