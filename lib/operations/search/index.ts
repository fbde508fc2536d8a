export { openSearch, type SearchServer } from './client.ts';
export { applyTemplates } from './templates.ts';
