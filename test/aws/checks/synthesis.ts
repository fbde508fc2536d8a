import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type EnvironmentName, environment } from '../../../lib/catalog/index.ts';
import type { FunctionCode } from '../../../lib/infra/code.ts';
import { deployment } from '../../../lib/infra/deployment.ts';
import { SOURCES, withEverything } from '../../unit/infra/everything.ts';
import type { Finding } from './finding.ts';

/** The stacks of an environment as `cdk synth` writes them. */
export interface Synthesis {
  readonly environment: EnvironmentName;
  /** Files of the templates, one a stack. */
  readonly templates: readonly string[];
  readonly resources: number;
  /** What CDK itself and cdk-nag found. */
  readonly findings: readonly Finding[];
}

type Found = Omit<Finding, 'environment'>;

/** What CDK's own validation leaves in the folder of a synthesis. Only what is read here. */
interface ValidationReport {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

const { context } = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8'));

/** The feature flags of the app; but here findings are listed, where the app would stop at the first. */
const FLAGS = { ...context, '@aws-cdk/core:validateAgainstDefaultRules': false };

/** Synthesises an environment into a folder, and has both validators that look at constructs look at it. */
export const synthesise = (
  name: EnvironmentName,
  outdir: string,
  code: FunctionCode,
  image: ContainerImage,
): Synthesis => {
  const app = new App({ context: FLAGS, outdir });
  deployment(app, withEverything(environment(name)), code, image, SOURCES);
  const findings = findingsOf(app).map((found) => ({ environment: name, ...found }));
  const { stacks } = app.synth();
  return {
    environment: name,
    templates: stacks.map(({ templateFullPath }) => templateFullPath),
    resources: stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0),
    findings,
  };
};

/** What CDK and cdk-nag find in an app: its validation of templates, warnings of its constructs, AWS Solutions' rules. */
export const findingsOf = (app: App): readonly Found[] => {
  const { directory, stacks } = app.synth();
  const report: ValidationReport = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  return [
    ...report.pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName: rule, description: text, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath: where = '' }): Found => ({ validator: 'CDK', rule, where, text })),
      ),
    ),
    ...stacks.flatMap(({ messages }) =>
      messages
        .filter(({ level }) => level !== 'info')
        .map(({ id, entry }): Found => ({ validator: 'CDK', rule: entry.type, where: id, text: String(entry.data) })),
    ),
    ...new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.flatMap(({ ruleName: rule, description: text, violatingResources }) =>
        violatingResources.map(({ constructPath: where = '' }): Found => ({ validator: 'cdk-nag', rule, where, text })),
      ),
  ];
};
