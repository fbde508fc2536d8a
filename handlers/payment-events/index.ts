import { createConsumer } from '../../lib/consumer/index.ts';
import { paymentHandlers } from './handlers.ts';

export const handler = createConsumer('payment-events', paymentHandlers());
