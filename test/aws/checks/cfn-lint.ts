import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../../../lib/local/run.ts';
import { pythonWith } from '../../support/python.ts';
import type { Finding } from './finding.ts';
import type { Synthesis } from './synthesis.ts';

const VERSION = '1.58.0';

/** What it says of one place. Only what is read here. */
interface Match {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path?: readonly (string | number)[] | null };
}

/** Bits of its exit code that say that it did its work: errors, warnings, informational ones found. */
const FOUND = 2 | 4 | 8;

/**
 * Runs cfn-lint over the templates of all environments, all at once: it takes longer to start than to look.
 * It is installed in a virtual environment when it is not there.
 *
 * @throws Error with what it said when it could not do its work
 */
export const cfnLint = async (syntheses: readonly Synthesis[]): Promise<readonly Finding[]> => {
  const python = await pythonWith(`cfn-lint-${VERSION}`, `cfn-lint==${VERSION}`);
  const folder = await mkdtemp(join(tmpdir(), 'qr-cfn-lint-'));
  try {
    const report = join(folder, 'report.json');
    const main = 'from cfnlint.runner import main; main()';
    const templates = syntheses.flatMap((synthesis) => synthesis.templates);
    const args = ['-c', main, '--format', 'json', '--output-file', report, '--template', ...templates];
    const { code, output } = await run(python, args);
    if ((code & ~FOUND) !== 0) throw new Error(`cfn-lint ended with ${code}: ${output.trim()}`);
    // Without anything to say it writes no file.
    const said = await readFile(report, 'utf8').catch(() => '[]');
    const matches: readonly Match[] = JSON.parse(said);
    return matches.flatMap(({ Filename, Rule, Message, Location }) =>
      syntheses
        .filter((synthesis) => synthesis.templates.includes(Filename))
        .map(({ environment }) => ({
          environment,
          validator: 'cfn-lint' as const,
          rule: Rule.Id,
          where: [basename(Filename, '.template.json'), ...(Location.Path ?? []).slice(1)].join('/'),
          text: Message,
        })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
