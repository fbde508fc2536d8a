import type { Settings } from '../../lib/settings.ts';

/** The stack that test/stack.setup.ts has started for the integration and end-to-end tests. */
export interface TestStack {
  readonly settings: Settings;
  /** What `--data-dir` takes: every command finds the stack by it. */
  readonly dataDir: string;
  /** Address of the functions host. */
  readonly functionsUrl: string;
  /** Address of the console page. */
  readonly consoleUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: TestStack;
  }
}
