export { type EntryPage, type EntryPlace, entriesOf, entryAt, type StreamEntry, streamOf } from './entries.ts';
export type { StreamConsumer, StreamGroup } from './groups.ts';
export type { KeyKind, KeyKinds } from './kinds.ts';
export { listStreams, type StreamPage, type StreamSearch } from './list.ts';
export { memoryOf, type RedisMemory, type ServerMemory } from './memory.ts';
export type { StreamSummary } from './summary.ts';
