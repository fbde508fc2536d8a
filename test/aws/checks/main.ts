import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVIRONMENT_NAMES } from '../../../lib/catalog/index.ts';
import { table } from '../../../lib/cli/table.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import { bundledCode } from '../../../lib/infra/code.ts';
import { updatesImage } from '../../../lib/infra/image.ts';
import { cfnLint } from './cfn-lint.ts';
import { VALIDATORS } from './finding.ts';
import { synthesise } from './synthesis.ts';

/**
 * `npm run check:aws`: every validator there is, over the templates of every environment. Exit code 1 when one finds
 * something that is not explained beside the code (lib/infra/explained.ts).
 */
const code = await bundledCode();
const image = await updatesImage();
const syntheses = [];
for (const name of ENVIRONMENT_NAMES) {
  const folder = join(PROJECT_ROOT, 'cdk.out', name);
  // Templates of stacks that are no more.
  await rm(folder, { recursive: true, force: true });
  syntheses.push(synthesise(name, folder, code, image));
}
const findings = [...syntheses.flatMap((synthesis) => synthesis.findings), ...(await cfnLint(syntheses))];

const right = (head: string) => ({ head, align: 'right' }) as const;
const rows = syntheses.map(({ environment, templates, resources }) => [
  environment,
  String(templates.length),
  String(resources),
  ...VALIDATORS.map((validator) =>
    String(findings.filter((one) => one.environment === environment && one.validator === validator).length),
  ),
]);
console.log(
  table(['ENVIRONMENT', ...['STACKS', 'RESOURCES', ...VALIDATORS.map((name) => name.toUpperCase())].map(right)], rows),
);
for (const { environment, validator, rule, where, text } of findings) {
  console.log(`\n${environment}  ${validator}  ${rule}\n  ${where}\n  ${text}`);
}
console.log(`\n${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`);
if (findings.length > 0) process.exitCode = 1;
