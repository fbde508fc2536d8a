import { createConsumer } from '../../lib/consumer/index.ts';
import { automationHandlers } from './handlers.ts';
import { openPorts } from './ports.ts';

export const handler = createConsumer('business-automation', automationHandlers(openPorts()));
