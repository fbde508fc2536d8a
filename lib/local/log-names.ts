import { SCHEDULED_FUNCTIONS, TOPIC_NAMES } from '../catalog/index.ts';
import { SERVICES } from './services/index.ts';

/** What has a log: the services, the host of the functions, and each function, by its topic. */
export const LOG_NAMES: readonly string[] = [
  ...SERVICES.map(({ name }) => name),
  'functions',
  'console',
  ...SCHEDULED_FUNCTIONS.map(({ name }) => name),
  ...TOPIC_NAMES,
];
