import type { OwnStack } from '../../support/own-stack.ts';

/**
 * Repairs a cache that has lost its last writes, as an operator would.
 *
 * @param since milliseconds since 1970, before the loss
 */
export const repair = async (stack: OwnStack, since: number): Promise<void> => {
  const when = new Date(since).toISOString();
  const { code, err } = await stack.cli.run('repair', '--since', when, '--yes', '--json');
  if (code !== 0) throw new Error(`repair ended with ${code}: ${err}`);
};
