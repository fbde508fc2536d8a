import { createConsumer } from '../../lib/consumer/index.ts';
import { USER_HANDLERS } from './handlers.ts';

export const handler = createConsumer('user-lifecycle', USER_HANDLERS);
