import kafkajs from 'kafkajs';

/**
 * A member's partitions by topic, as a consumer of the classic group protocol is told them; none while the group rebalances,
 * or where another client's assignment cannot be read.
 */
export const assignmentOf = (bytes: Buffer): ReadonlyMap<string, readonly number[]> => {
  try {
    const decoded = bytes.length === 0 ? null : kafkajs.AssignerProtocol.MemberAssignment.decode(bytes);
    return new Map(Object.entries(decoded?.assignment ?? {}));
  } catch {
    return new Map();
  }
};
