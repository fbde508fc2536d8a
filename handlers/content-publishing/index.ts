import { createConsumer } from '../../lib/consumer/index.ts';
import { CONTENT_HANDLERS } from './change.ts';

export const handler = createConsumer('content-publishing', CONTENT_HANDLERS);
