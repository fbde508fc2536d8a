export { openUpdates, type Updates, type UpdatesOptions } from './app.ts';
export { LIMITS, type Limits } from './limits.ts';
export { issueUpdatesToken, TOKEN_SECONDS } from './token.ts';
