import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../../lib/deploy/template.ts';
import { type DeclaredTopic, declaredTopics, topicVerdicts } from '../../../lib/deploy/topic-check.ts';

const topic: fc.Arbitrary<DeclaredTopic> = fc.record({
  name: fc.constantFrom('scans', 'payments', 'files'),
  partitions: fc.integer({ min: 1, max: 50 }),
  replication: fc.constantFrom(2, 3),
  configs: fc.constantFrom('"retention.ms=1"', '"retention.ms=2"'),
  cluster: fc.constantFrom('"a"', '"b"'),
});
const topics = fc.uniqueArray(topic, { selector: ({ name }) => name });

const kinds = (before: readonly DeclaredTopic[], after: readonly DeclaredTopic[]) =>
  topicVerdicts(before, after).map(({ kind }) => kind);

describe('the check of topics before a deployment', () => {
  it('has nothing against what is deployed already, whatever the order', () => {
    fc.assert(
      fc.property(topics, (deployed) => {
        expect(topicVerdicts(deployed, [...deployed].reverse())).toEqual([]);
      }),
    );
  });

  it('has nothing against new topics', () => {
    fc.assert(
      fc.property(topics, (wanted) => {
        expect(topicVerdicts([], wanted)).toEqual([]);
      }),
    );
  });

  it('refuses exactly what CloudFormation cannot do in place', () => {
    fc.assert(
      fc.property(topic, topic, (one, other) => {
        const after = { ...other, name: one.name };
        const possible =
          after.partitions >= one.partitions &&
          after.replication === one.replication &&
          after.cluster === one.cluster &&
          (after.partitions === one.partitions || after.configs === one.configs);
        expect(kinds([one], [after]).includes('refused')).toBe(!possible);
      }),
    );
  });

  it('never refuses because of a topic that left the catalog, and says that it stays', () => {
    fc.assert(
      fc.property(topics, topics, (deployed, wanted) => {
        const gone = deployed.filter(({ name }) => !wanted.some((one) => one.name === name));
        const said = topicVerdicts(deployed, wanted).filter((one) => gone.some(({ name }) => name === one.topic));
        expect(said.map(({ kind }) => kind)).toEqual(gone.map(() => 'warning'));
      }),
    );
  });

  it('warns that keys move when partitions are added', () => {
    const before = { name: 'scans', partitions: 3, replication: 3, configs: '', cluster: '' };
    expect(topicVerdicts([before], [{ ...before, partitions: 4 }])).toEqual([
      { topic: 'scans', kind: 'warning', text: expect.stringContaining('from 3 to 4') },
    ]);
  });

  it.each([
    ['JSON', (text: string) => text],
    [
      'YAML',
      () =>
        'Resources:\n  T:\n    Type: AWS::MSK::Topic\n    Properties:\n      TopicName: scans\n      PartitionCount: 5\n      ReplicationFactor: 3\n',
    ],
  ])('reads the topics of a template in %s', (_, as) => {
    const Properties = { TopicName: 'scans', PartitionCount: 5, ReplicationFactor: 3 };
    const text = as(JSON.stringify({ Resources: { T: { Type: 'AWS::MSK::Topic', Properties } } }));
    expect(declaredTopics(templateOf(text))).toMatchObject([{ name: 'scans', partitions: 5, replication: 3 }]);
  });
});
