import { createPartitionConsumer } from '../../lib/consumer/index.ts';
import { AUDIT_PREFIX } from './segment.ts';
import { writeSegments } from './write.ts';

export const handler = createPartitionConsumer('audit-logs', writeSegments(AUDIT_PREFIX));
