import { createConsumer } from '../../lib/consumer/index.ts';
import { notificationHandlers, openPorts } from './handlers.ts';
import { settingsWithSecret } from './link-secret.ts';

export const handler = createConsumer('notifications', notificationHandlers(openPorts(await settingsWithSecret())));
