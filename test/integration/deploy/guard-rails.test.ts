import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, deployedStack } from '../../../lib/deploy/account.ts';
import { begin, type Said } from '../../support/cli.ts';
import { testStack } from '../../support/stack.ts';

/** As somebody who has never met AWS. */
const NOBODY = {
  ...{
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: 'eu-central-1',
  },
  ...{ AWS_ENDPOINT_URL: undefined, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nowhere' },
};
const aws = (...words: readonly string[]): Promise<Said> =>
  begin(process.execPath, ['--import', 'tsx', 'bin/aws.ts', ...words], { env: NOBODY }).ended;

describe('npm run aws:diff, aws:deploy, aws:destroy', { concurrent: true }, () => {
  it.each([
    [['deploy', 'prodd'], 2, 'There is no environment prodd; there are dev, staging, prod.\n  Did you mean prod?'],
    [['diff'], 2, 'Which environment? There are dev, staging, prod.'],
    [['deploy', 'prod'], 1, 'prod is not touched without somebody who types its name.'],
    [['destroy', 'dev'], 1, 'Without a terminal say --yes-really dev'],
    [['destroy', 'prod', '--yes-really', 'dev'], 1, '--yes-really says dev, but this is about prod.'],
    [['deploy', 'dev'], 1, 'There are no valid AWS credentials'],
  ])('%j ends with %i: %s', async (words, code, sentence) => {
    const said = await aws(...words);
    expect(said.err).toContain(sentence);
    expect(said.err).not.toMatch(/\n\s+at /);
    expect(said).toMatchObject({ code, out: '' });
  });
});

describe('what is deployed', () => {
  const StackName = 'qr-test-guard-rails';
  let client: CloudFormationClient;
  beforeAll(async () => {
    testStack();
    client = new CloudFormationClient();
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    await client.send(new CreateStackCommand({ StackName, TemplateBody, EnableTerminationProtection: false }));
  });
  afterAll(() => client.send(new DeleteStackCommand({ StackName })));

  it('is read from CloudFormation, and a stack that is not there is not there', async () => {
    expect(await deployedStack(StackName, client)).toEqual({
      template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
      isProtected: false,
    });
    expect(await deployedStack('qr-test-nowhere', client)).toBeUndefined();
  });

  it('is told with the account it lies in', async () => {
    expect(await caller()).toMatchObject({ account: '000000000000', region: 'us-east-1' });
  });
});
