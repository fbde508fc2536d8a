import { Argument, type Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { oneOf } from '../arguments.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { runningStackOf, type StackChoice } from '../stack.ts';
import { note, print, printJson } from '../terminal.ts';

/** The pages there are, and the service that shows each. */
const NAMES = ['console', 'kafka', 'redis'] as const;
type Page = (typeof NAMES)[number];
const PAGES: Readonly<Record<Page, string>> = { console: 'console', kafka: 'kafka-ui', redis: 'redis-commander' };

export const define = (command: Command): void => {
  command.addArgument(
    new Argument(
      '[PAGE]',
      'console, kafka (Kafka UI, in Docker) or redis; without one Kafka UI, natively the console',
    ).argParser(oneOf(NAMES)),
  );
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, {
    ui: 'Kafka UI, or the console where there is none',
    'ui redis': 'the keys of Redis',
    'ui console --json': 'its address, for programs; nothing is opened',
  });
};

const run = async (page: Page | undefined, options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { services } = await (await runningStackOf(options)).health();
  const found = (name: string) => services.find((each) => each.name === name);
  const wanted = page ?? (found(PAGES.kafka) === undefined ? 'console' : 'kafka');
  // There is none without Docker.
  const shown = found(PAGES[wanted]) === undefined ? 'console' : wanted;
  const { state = 'stopped', endpoint: url = '' } = found(PAGES[shown]) ?? {};
  if (state !== 'healthy') {
    throw new StreamError('SERVICE_FAILED', `${url} does not answer: the stack is not up, or not all of it.`, {
      next: 'Bring it up: ./stream-manager.sh start',
    });
  }
  if (shown !== wanted) note('Kafka UI is in Docker only; the console page shows the same, and more.');
  if (options.json === true) return printJson({ page: shown, url });
  const isOpened = await openInBrowser(url);
  print(isOpened ? `Opened ${url}` : `Open ${url}`);
};
