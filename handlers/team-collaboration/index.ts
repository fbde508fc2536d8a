import { createConsumer } from '../../lib/consumer/index.ts';
import { TEAM_HANDLERS } from './handlers.ts';

export const handler = createConsumer('team-collaboration', TEAM_HANDLERS);
