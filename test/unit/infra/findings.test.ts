import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Explanation, explained } from '../../../lib/infra/explained.ts';
import { findingsOf } from '../../aws/checks/synthesis.ts';

const folder = mkdtempSync(join(tmpdir(), 'qr-findings-'));
// What templates.ts spares the other files is what is looked at here.
beforeAll(() => {
  vi.stubEnv('CDK_VALIDATION', 'true');
});
afterAll(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// What they find in the environments' stacks `npm run check:aws` tells, together with cfn-lint: too slow to stand here.
describe('the validators of CDK and cdk-nag', { timeout: 300_000 }, () => {
  it('find what is wrong, until it is explained', () => {
    const appWith = (name: string, ...reasons: readonly Explanation[]): App => {
      const app = new App({ outdir: join(folder, name) });
      const topic = new CfnTopic(new Stack(app, 'stack'), 'Topic');
      topic.addPropertyOverride('Colour', 'red');
      explained(topic, ...reasons);
      return app;
    };
    expect(findingsOf(appWith('bare')).map(({ validator, rule }) => `${validator} ${rule}`)).toEqual([
      'CDK F3002',
      'cdk-nag AwsSolutions-SNS3',
    ]);
    const reason = 'it is a test';
    const reasons = ['CloudFormation-Validate::F3002', 'AwsSolutions-SNS3'].map((id) => ({ id, reason }));
    expect(findingsOf(appWith('said', ...reasons))).toEqual([]);
  });

  it('hand the reasons for cfn-lint on in the template', () => {
    const topic = new CfnTopic(new Stack(new App(), 'stack'), 'Topic');
    explained(topic, { id: 'W3005', reason: 'it is a test' });
    expect(topic.getMetadata('cfn-lint')).toEqual({ config: { ignore_checks: ['W3005'] } });
  });
});
