import { createConsumer } from '../../lib/consumer/index.ts';
import { COMMERCE_HANDLERS } from './handlers.ts';

export const handler = createConsumer('ecommerce-sync', COMMERCE_HANDLERS);
