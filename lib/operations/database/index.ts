export { type Database, withDatabase } from './client.ts';
export { ensureDatabase } from './ensure.ts';
export { MIGRATIONS, type MigrateOptions, migrate, OUTBOX_SLOT } from './migrate.ts';
export { dropSlot, faultOf, type Slot, slotsAt, slotsOf } from './slots.ts';
