import { Hono } from 'hono';
import { StreamError } from '../../../errors.ts';
import { kindName, openRegistry, type SchemaRegistry } from '../../../events/index.ts';
import { SCHEMA_FILES } from '../../../local/schema-files.ts';
import { changesBetween } from '../../../operations/schemas/changes.ts';
import { fieldsOf } from '../../../operations/schemas/fields.ts';
import { type SchemaFile, schemaIn } from '../../../operations/schemas/files.ts';
import { avroVersion, listSubjects, readVersion, requireSubject } from '../../../operations/schemas/registered.ts';
import { reviewFile } from '../../../operations/schemas/review.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { InputError } from '../failure.ts';
import { bodyOf, queryOf } from '../input.ts';
import type { CheckedSchema, SchemaDiff, ShownSchema } from './schemas-types.ts';

const VERSION = { min: 1, max: 1_000_000 };

/** `/api/schemas`: list, one version, two beside each other, and a schema that nobody has registered yet. */
export const schemaRoutes = ({ stack }: ConsoleContext): Hono => {
  const registry = async (): Promise<SchemaRegistry> => openRegistry((await stack()).settings);
  return new Hono()
    .get('/', async (c) => c.json(await listSubjects(await registry())))
    .get('/:subject', async (c) => {
      const number = queryOf(c).optionalWhole('version', VERSION);
      const opened = await registry();
      const found = await requireSubject(opened, nameIn(c.req.param('subject')));
      const read = await readVersion(opened, found, number);
      const { version, id, kind, text } = read;
      const fields = kind === 'AVRO' ? fieldsOf(avroVersion(read, found).type) : [];
      const schema: unknown = kind === 'PROTOBUF' ? text : JSON.parse(text);
      const shown: ShownSchema = { ...found, version, id, kind: kindName(kind), fields, schema };
      return c.json(shown);
    })
    .get('/:subject/diff', async (c) => {
      const query = queryOf(c);
      const [from, to] = [query.whole('from', VERSION), query.whole('to', VERSION)];
      const opened = await registry();
      const found = await requireSubject(opened, nameIn(c.req.param('subject')));
      const [before, after] = await Promise.all([readVersion(opened, found, from), readVersion(opened, found, to)]);
      const changes = changesBetween(avroVersion(before, found).type, avroVersion(after, found).type);
      const diff: SchemaDiff = { from, to, changes };
      return c.json(diff);
    })
    .post('/:subject/check', async (c) => {
      const file = pasted((await bodyOf(c)).text('schema'), nameIn(c.req.param('subject')));
      const opened = await registry();
      const { subject } = await requireSubject(opened, nameIn(c.req.param('subject')));
      const review = await reviewFile(opened, { ...file, subject }, SCHEMA_FILES);
      const { standing, version, compatibility, findings } = review;
      const checked: CheckedSchema = { standing, version, compatibility, findings };
      return c.json(checked);
    });
};

/** @throws InputError for what is no schema */
const pasted = (text: string, subject: string): SchemaFile => {
  try {
    return schemaIn(text, 'This', subject);
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    throw new InputError('schema', error.message, { code: error.code, cause: error });
  }
};
