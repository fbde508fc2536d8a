import { describe, expect, it } from 'vitest';
import { type DeployedState, requireHarmless, requireUnprotected, verdictOn } from '../../../lib/deploy/plan.ts';
import type { Template } from '../../../lib/deploy/template.ts';
import { whatStays } from '../../../lib/deploy/what-stays.ts';
import { SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';

const withPartitions = (partitions: number): Template => ({
  Resources: {
    Scans: {
      Type: 'AWS::MSK::Topic',
      DeletionPolicy: 'Retain',
      Properties: { TopicName: 'scans', PartitionCount: partitions, ReplicationFactor: 3 },
    },
    Role: { Type: 'AWS::IAM::Role' },
  },
});
const wanted = [{ name: 'qr-dev-streaming', template: withPartitions(5) }];

const NOTHING: DeployedState = { stack: async () => undefined, latestSchema: async () => undefined };
const deployedWith = (partitions: number, isProtected = false): DeployedState => ({
  ...NOTHING,
  stack: async () => ({ template: withPartitions(partitions), isProtected }),
});

describe('the checks before a deployment', () => {
  it('have nothing to say where nothing is deployed yet', async () => {
    const verdict = await verdictOn('dev', wanted, NOTHING);
    expect(verdict).toEqual({ topics: [], connectors: [], breaking: [] });
    expect(() => requireHarmless(verdict)).not.toThrow();
  });

  it('refuse what a topic cannot become, by its name', async () => {
    const verdict = await verdictOn('dev', wanted, deployedWith(6));
    expect(() => requireHarmless(verdict)).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringContaining('scans') }),
    );
  });

  it('refuse a connector that would have to be made again, and say how it is done', async () => {
    const withVersion = (version: string): Template => ({
      Resources: {
        Outbox: {
          Type: 'AWS::KafkaConnect::Connector',
          Properties: { ConnectorName: 'qr-dev-outbox', KafkaConnectVersion: version },
        },
      },
    });
    const state = { ...NOTHING, stack: async () => ({ template: withVersion('3.7.x'), isProtected: false }) };
    const verdict = await verdictOn('dev', [{ name: 'qr-dev-connect', template: withVersion('4.0.x') }], state);
    expect(() => requireHarmless(verdict)).toThrow(
      expect.objectContaining({ code: 'REFUSED', next: expect.stringContaining('isAway') }),
    );
  });

  it('let a warning pass', async () => {
    const verdict = await verdictOn('dev', wanted, deployedWith(4));
    expect(verdict.topics.map(({ kind }) => kind)).toEqual(['warning']);
    expect(() => requireHarmless(verdict)).not.toThrow();
  });

  it('refuse a schema that cannot read what the deployed one wrote, and no other', async () => {
    const [first] = SUBJECTS;
    const deployed = new Map(SUBJECTS.map(({ subject, type }) => [subject, schemaTextOf(type)]));
    const same = { ...NOTHING, latestSchema: async (subject: string) => deployed.get(subject) };
    expect((await verdictOn('dev', wanted, same)).breaking).toEqual([]);
    deployed.set(first?.subject ?? '', JSON.stringify({ type: 'record', name: 'Other', fields: [] }));
    const verdict = await verdictOn('dev', wanted, same);
    expect(verdict.breaking).toEqual([first?.subject]);
    expect(() => requireHarmless(verdict)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });
});

describe('destroying', () => {
  it('is refused while termination protection is on, with the command that switches it off', async () => {
    await expect(requireUnprotected(wanted, deployedWith(5, true))).rejects.toMatchObject({
      code: 'REFUSED',
      next: expect.stringContaining('--no-enable-termination-protection --stack-name qr-dev-streaming'),
    });
    await expect(requireUnprotected(wanted, deployedWith(5))).resolves.toBeUndefined();
    await expect(requireUnprotected(wanted, NOTHING)).resolves.toBeUndefined();
  });

  it('tells what stays', () => {
    expect(whatStays([withPartitions(1), withPartitions(1)])).toEqual([{ type: 'AWS::MSK::Topic', count: 2 }]);
  });
});
