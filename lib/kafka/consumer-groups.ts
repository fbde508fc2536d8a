import kafkajs, { type GroupDescription } from 'kafkajs';
import { compactArray, compactString, type FlexibleReader, flexibleReader, NO_TAGS } from './flexible.ts';
import { int8, type Reader, readerOf } from './wire.ts';

/** A group as kafkajs describes one; this protocol has states that its types do not know (`Assigning`, `Reconciling`). */
export type DescribedGroup = Omit<GroupDescription, 'state'> & { readonly state: string };

/** ConsumerGroupDescribe, version 0 (KIP-848), which brokers have had since Kafka 4.0. */
export const CONSUMER_GROUP_DESCRIBE = { apiKey: 69, apiVersion: 0, apiName: 'ConsumerGroupDescribe' } as const;

/** The body of the question after some groups, behind the tags of its head. */
export const consumerGroupQuestion = (groups: readonly string[]): Buffer =>
  Buffer.concat([NO_TAGS, compactArray(groups.map(compactString)), int8(0), NO_TAGS]);

/**
 * Groups of the protocol of KIP-848, in the shape in which kafkajs describes those of the classic one.
 *
 * @param answer the answer behind its correlation id
 * @returns only those groups that the broker has, as groups of this protocol
 */
export const consumerGroupsIn = (answer: Buffer): readonly DescribedGroup[] => {
  const reader = readerOf(answer);
  const flexible = flexibleReader(reader);
  flexible.tags();
  reader.int32(); // throttled for, ms
  return flexible.list(() => groupIn(reader, flexible)).flatMap((group) => (group === undefined ? [] : [group]));
};

const groupIn = (reader: Reader, flexible: FlexibleReader): DescribedGroup | undefined => {
  const code = reader.int16();
  flexible.text(); // what the broker says of the error
  const groupId = flexible.text() ?? '';
  const state = flexible.text() ?? '';
  reader.int32(); // epoch of the group
  reader.int32(); // epoch of the assignment
  const protocol = flexible.text() ?? '';
  const members = flexible.list(() => memberIn(reader, flexible));
  reader.int32(); // what we may do with it
  flexible.tags();
  return code === 0 ? { groupId, protocol, protocolType: 'consumer', state, members } : undefined;
};

const memberIn = (reader: Reader, flexible: FlexibleReader): DescribedGroup['members'][number] => {
  const memberId = flexible.text() ?? '';
  flexible.text(); // instance
  flexible.text(); // rack
  reader.int32(); // epoch
  const clientId = flexible.text() ?? '';
  const clientHost = flexible.text() ?? '';
  flexible.list(() => flexible.text()); // topics it subscribes to
  flexible.text(); // by a pattern
  const assignment = assignmentIn(reader, flexible);
  assignmentIn(reader, flexible); // what it is to have
  flexible.tags();
  const memberAssignment = kafkajs.AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment,
    userData: Buffer.alloc(0),
  });
  return { memberId, clientId, clientHost, memberAssignment, memberMetadata: Buffer.alloc(0) };
};

const assignmentIn = (reader: Reader, flexible: FlexibleReader): Record<string, number[]> => {
  const topics = flexible.list((): [string, number[]] => {
    flexible.uuid();
    const topic = flexible.text() ?? '';
    const partitions = flexible.list(() => reader.int32());
    flexible.tags();
    return [topic, partitions];
  });
  flexible.tags();
  return Object.fromEntries(topics);
};
