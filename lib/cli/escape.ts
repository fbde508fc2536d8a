export { argument, escaped, escapedName } from '../escape.ts';
