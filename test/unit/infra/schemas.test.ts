import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { deployedNames, ENVIRONMENT_NAMES, SCHEMA_REGISTRAR } from '../../../lib/catalog/index.ts';
import { rightsIn } from './policies.ts';
import { stacksOf, templatesOf } from './templates.ts';

describe.each(ENVIRONMENT_NAMES)('the schemas of %s', (name) => {
  const { schemas } = templatesOf(name);
  const names = deployedNames(name);

  it('are in a registry of their own, by the name the functions get, which stays when the stack goes', () => {
    schemas.hasResource('AWS::Glue::Registry', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({ Name: names.registry }),
    });
  });

  it('are registered by a function outside of the VPC: arm64, a current Node, its own log', () => {
    schemas.resourceCountIs('AWS::Lambda::Function', 1);
    schemas.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: names.function(SCHEMA_REGISTRAR.name),
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      VpcConfig: Match.absent(),
      LoggingConfig: Match.objectLike({ LogGroup: Match.anyValue() }),
    });
  });

  it('are registered after the registry is made and the rights are given, and again when one changes', () => {
    const [logicalId = ''] = Object.keys(schemas.findResources('AWS::Glue::Registry'));
    schemas.hasResource('Custom::Schemas', {
      DependsOn: Match.arrayWith([logicalId]),
      Properties: {
        ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('Function'), 'Arn'] },
        ServiceTimeout: '360',
        Registry: names.registry,
        Digest: Match.stringLikeRegexp('^[0-9a-f]{64}$'),
      },
    });
    const [policy = ''] = Object.keys(schemas.findResources('AWS::IAM::Policy'));
    schemas.hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([policy]) });
  });

  it('may be made and looked at, and nothing else, in this registry', () => {
    const rights = rightsIn(schemas).get(SCHEMA_REGISTRAR.name) ?? [];
    const ofGlue = rights.filter(({ actions }) => actions.some((action) => action.startsWith('glue:')));
    expect(ofGlue.map(({ actions, resources }) => ({ actions, resources }))).toEqual([
      {
        actions: ['glue:CreateSchema', 'glue:RegisterSchemaVersion'],
        resources: ['registry', 'schema'].map((kind) =>
          expect.stringMatching(new RegExp(`:glue:.*:${kind}/${names.registry}${kind === 'schema' ? '/\\*' : ''}$`)),
        ),
      },
      { actions: ['glue:GetSchemaVersion'], resources: ['*'] },
    ]);
    const others = rights.flatMap(({ actions }) => actions).filter((action) => !action.startsWith('glue:'));
    expect(new Set(others)).toEqual(
      new Set(['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
    );
  });

  it('are there before any function that publishes by them', () => {
    const { consumers, schemas: stack } = stacksOf(name);
    expect(consumers.dependencies).toContain(stack);
    expect(stack.dependencies).toEqual([]);
  });
});
