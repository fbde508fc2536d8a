import { batches } from './batches/index.tsx';
import { connectors } from './connectors/index.tsx';
import { deadLetters } from './dead-letters/index.tsx';
import { groups } from './groups/index.tsx';
import { messages } from './messages/index.tsx';
import { overview } from './overview/index.tsx';
import { redis } from './redis/index.tsx';
import { schemas } from './schemas/index.tsx';
import { topics } from './topics/index.tsx';
import type { View } from './view.ts';

/** Every view, in the order of the navigation; the first is shown at `/`. A new view adds its file here. */
export const VIEWS: readonly View[] = [
  overview,
  topics,
  messages,
  groups,
  deadLetters,
  schemas,
  connectors,
  batches,
  redis,
];
