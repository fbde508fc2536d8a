export { openUpdates, type Updates, type UpdatesOptions } from './app.ts';
export { LIMITS, type Limits } from './limits.ts';
export { localUpdatesSecret } from './settings.ts';
export { issueUpdatesToken, TOKEN_SECONDS } from './token.ts';
