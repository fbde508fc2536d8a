import { createConsumer } from '../../lib/consumer/index.ts';
import { FILE_HANDLERS } from './handlers.ts';

export const handler = createConsumer('file-processing', FILE_HANDLERS);
