import { exitCodeOf, tell } from '../../../lib/cli/failure.ts';
import { startDisplay } from '../../../lib/cli/start-progress.ts';
import { table } from '../../../lib/cli/table.ts';
import { note, print, printJson } from '../../../lib/cli/terminal.ts';
import { fetchPackages } from '../../../lib/local/packages/index.ts';
import { packagesFolder } from '../../../lib/local/paths.ts';
import { servicesWith } from '../../../lib/local/services/index.ts';
import { campaign, type Watcher } from './campaign.ts';
import { choicesFrom, USAGE } from './choices.ts';
import { FAULTS } from './faults/index.ts';
import { isRight } from './run.ts';
import { replayOf, type Summary } from './summary.ts';

/** Exit code after Ctrl-C, as of a shell. */
const INTERRUPTED = 130;

/** Of what is wrong with a run so much is shown. */
const SHOWN = 30;

/** Before any time limit: a first download takes longer than a run. */
const fetchAll = async (): Promise<void> => {
  const display = startDisplay();
  const names = servicesWith([]).flatMap(({ native }) => native?.packages ?? []);
  await fetchPackages(packagesFolder(), names, display.onProgress).finally(display.close);
};

const watcher: Watcher = {
  starting: (kind) => note(`Starting a stack (${kind}) ...`),
  began: (fault, seed) => note(`${fault.name}, seed ${seed}: ${fault.about}`),
  ended: (report, logs) => {
    const { acknowledged, processed, deadLettered, seconds, notes, faults } = report;
    const figures = `${acknowledged} acknowledged, ${processed} processed, ${deadLettered} dead letters`;
    note(`  ${isRight(report) ? 'right' : 'WRONG'} after ${seconds} s: ${figures}`);
    for (const text of [...notes, ...faults.slice(0, SHOWN)]) note(`    ${text}`);
    if (faults.length > SHOWN) note(`    and ${faults.length - SHOWN} more; --json has them all`);
    if (isRight(report)) return;
    note(`    again: ${replayOf(report)}`);
    if (logs !== undefined) note(`    logs: ${logs}`);
  },
  skipped: ({ fault, reason }) => note(`${fault} was SKIPPED: ${reason}.`),
};

const show = ({ classes, failures, skipped, runs, seed, seconds }: Summary): void => {
  const right = { align: 'right' } as const;
  const heads = ['ACKNOWLEDGED', 'PROCESSED', 'DEAD LETTERS', 'LOST', 'DOUBLED', 'OUT OF ORDER', 'STUCK'];
  print(
    table(
      ['FAULT', { head: 'RUNS', ...right }, ...heads.map((head) => ({ head, ...right }))],
      classes.map((one) => [
        one.fault,
        ...[one.runs, one.acknowledged, one.processed, one.deadLettered].map(String),
        ...[one.lost, one.doubled, one.disordered, one.stuck].map(String),
      ]),
    ),
  );
  print(`\n${runs} runs from seed ${seed} in ${seconds} s; ${failures.length} failed.`);
  for (const { fault, reason } of skipped) print(`Skipped: ${fault} (${reason})`);
  for (const { fault, disordered, disorders } of classes) {
    if (disordered > 0 && disorders !== undefined) print(`${fault}: order is not held, because ${disorders}.`);
  }
  for (const { replay } of failures) print(`Failed: ${replay}`);
};

const main = async (args: readonly string[]): Promise<void> => {
  if (args.includes('--help')) return print(USAGE);
  const choices = choicesFrom(args);
  if (choices.list) {
    return print(
      table(
        ['CLASS', 'WHAT IT DOES'],
        FAULTS.map(({ name, about }) => [name, about]),
      ),
    );
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
  await fetchAll();
  note(`Seed ${choices.seed}.`);
  const summary = await campaign(choices, watcher, interruption.signal);
  if (choices.json) printJson(summary);
  else show(summary);
  process.exitCode = interruption.signal.aborted ? INTERRUPTED : Number(!summary.ok);
};

// As for the tests (vitest.config.ts): no message of every AWS client, and no question to a name server outside.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.QR_DNS_SERVERS ??= '127.0.0.1:9';
// Connections to what was killed must not keep the process, nor an error of theirs end it in the middle.
process.on('unhandledRejection', (error) => note(`unhandled: ${String(error)}`));
try {
  await main(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = exitCodeOf(error);
}
