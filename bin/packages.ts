import { exitCodeOf, tell } from '../lib/cli/failure.ts';
import { startDisplay } from '../lib/cli/start-progress.ts';
import { print } from '../lib/cli/terminal.ts';
import { StreamError } from '../lib/errors.ts';
import { fetchPackages } from '../lib/local/packages/index.ts';
import { packagesFolder } from '../lib/local/paths.ts';
import { isNative, SERVICES } from '../lib/local/services/index.ts';

/**
 * `npm run packages`: downloads what the native engine runs, the optional services as well, without starting anything. What
 * is there costs nothing; afterwards the stack and its tests start without a network.
 */
const main = async (args: readonly string[]): Promise<void> => {
  if (args.length > 0) throw new StreamError('USAGE', `npm run packages does not know ${args.join(' ')}.`);
  const folder = packagesFolder();
  const names = SERVICES.filter(isNative).flatMap(({ native }) => native.packages);
  const display = startDisplay();
  await fetchPackages(folder, names, display.onProgress).finally(display.close);
  print(`Everything is in ${folder}`);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = exitCodeOf(error);
}
