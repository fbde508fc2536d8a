import { join } from 'node:path';
import { PROJECT_ROOT } from '../functions/root.ts';
import type { SchemaFolder } from '../operations/schemas/files.ts';

/** The project's own schema files. */
export const SCHEMA_FILES: SchemaFolder = { folder: join(PROJECT_ROOT, 'schemas') };
