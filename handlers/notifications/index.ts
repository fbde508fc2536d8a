import { createConsumer } from '../../lib/consumer/index.ts';
import { settingsFrom } from '../../lib/settings.ts';
import { notificationHandlers, openPorts } from './handlers.ts';

export const handler = createConsumer('notifications', notificationHandlers(openPorts(settingsFrom())));
