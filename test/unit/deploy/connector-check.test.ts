import { describe, expect, it } from 'vitest';
import { replacedConnectors } from '../../../lib/deploy/connector-check.ts';
import type { Template } from '../../../lib/deploy/template.ts';

interface Change {
  readonly configuration?: Record<string, string>;
  readonly capacity?: unknown;
  readonly archive?: string;
  readonly worker?: string;
  readonly subnets?: readonly string[];
}

const templateWith = ({
  configuration = {},
  capacity = 1,
  archive = 'a',
  worker = 'a',
  subnets = ['s'],
}: Change): Template => ({
  Resources: {
    Plugin: { Type: 'AWS::KafkaConnect::CustomPlugin', Properties: { Location: { FileKey: archive } } },
    Worker: { Type: 'AWS::KafkaConnect::WorkerConfiguration', Properties: { PropertiesFileContent: worker } },
    Outbox: {
      Type: 'AWS::KafkaConnect::Connector',
      Properties: {
        ConnectorName: 'qr-prod-outbox',
        ConnectorConfiguration: configuration,
        Capacity: capacity,
        Plugins: [{ CustomPlugin: { CustomPluginArn: { Ref: 'Plugin' }, Revision: 1 } }],
        WorkerConfiguration: { WorkerConfigurationArn: { Ref: 'Worker' }, Revision: 1 },
        KafkaCluster: { ApacheKafkaCluster: { Vpc: { Subnets: subnets } } },
      },
    },
  },
});

describe('the check of connectors before a deployment', () => {
  it.each<[string, Change]>([
    ['nothing', {}],
    ['its configuration', { configuration: { 'tasks.max': '2' } }],
    ['its capacity', { capacity: 2 }],
  ])('has nothing against a change of %s', (_, change) => {
    expect(replacedConnectors(templateWith({}), templateWith(change))).toEqual([]);
  });

  it.each<[string, Change]>([
    ['its plugin', { archive: 'b' }],
    ['its worker configuration', { worker: 'b' }],
    ['its network', { subnets: ['t'] }],
  ])('finds that a change of %s makes another connector, though the reference to it is the same', (_, change) => {
    expect(replacedConnectors(templateWith({}), templateWith(change))).toEqual(['qr-prod-outbox']);
  });

  it('has nothing against a connector that comes or goes, whatever else changes with it', () => {
    const { Plugin, Worker } = templateWith({ archive: 'b', worker: 'b' }).Resources ?? {};
    const without: Template = Plugin && Worker ? { Resources: { Plugin, Worker } } : {};
    expect(replacedConnectors(templateWith({}), without)).toEqual([]);
    expect(replacedConnectors(without, templateWith({}))).toEqual([]);
    expect(replacedConnectors({}, templateWith({}))).toEqual([]);
  });
});
