import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EventType, isTopicName, topicOf } from '../../../lib/catalog/index.ts';
import { fieldOf, isRecord } from '../../../lib/events/avro-schema.ts';
import { schemaOf } from '../../../lib/events/schemas.ts';
import { connectorFiles } from '../../../lib/operations/connectors/index.ts';
import { TEMPLATES } from '../../../lib/operations/search/templates.ts';

interface Properties {
  readonly [name: string]: { readonly type?: string; readonly properties?: Properties };
}

/** Dotted names of what a mapping has. */
const pathsIn = (properties: Properties, before = ''): string[] =>
  Object.entries(properties).flatMap(([name, { properties: inner }]) =>
    inner === undefined ? [`${before}${name}`] : pathsIn(inner, `${before}${name}.`),
  );

const mappings = async (): Promise<Record<string, { paths: string[]; patterns: string[]; dynamic: unknown }>> => {
  const files = await readdir(TEMPLATES);
  const entries = files.map(async (file) => {
    const { index_patterns, template } = JSON.parse(await readFile(join(TEMPLATES, file), 'utf8'));
    const { properties, dynamic } = template.mappings;
    return [file.replace('.json', ''), { paths: pathsIn(properties), patterns: index_patterns, dynamic }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

const configuration = async () => {
  const [file] = await connectorFiles(['search']);
  const list = (field: string): string[] => (file?.config[field] ?? '').split(',');
  return { list, indices: list('indices').map((each) => each.split(':')) };
};

/** An event type of the catalog by its name. */
const typeNamed = (name: string): EventType => {
  const entry = topicOf(name);
  const found = entry && Object.keys(entry.events).find((each): each is EventType => each === name);
  if (found === undefined) throw new Error(`no event type ${name}`);
  return found;
};

const fieldsOf = (type: EventType): string[] => {
  const schema = schemaOf(type);
  const payload = fieldOf(schema, 'payload')?.type;
  const inner = payload !== undefined && typeof payload !== 'string' && !Array.isArray(payload) ? [payload] : [];
  return [
    ...schema.fields.map(({ name }) => name),
    ...inner.filter(isRecord).flatMap(({ fields }) => fields.map(({ name }) => `payload.${name}`)),
  ];
};

describe('the configuration of the search sink', () => {
  it('keeps exactly the fields that the mappings know: one more would refuse every record', async () => {
    const { list } = await configuration();
    const known = Object.values(await mappings()).flatMap(({ paths }) => paths);
    expect(list('fields.keep').sort()).toEqual([...new Set(known)].sort());
  });

  it('has for each of its event types the topic, the converter’s leave, and a template of the index', async () => {
    const { list, indices } = await configuration();
    const templates = await mappings();
    expect(indices.map(([type]) => type).sort()).toEqual(list('value.converter.event.types').sort());
    for (const [type = '', index = ''] of indices) {
      expect(list('topics')).toContain(topicOf(type)?.name);
      expect(templates[index]?.patterns).toEqual([`${index}-*`]);
    }
    const defaults = list('value.converter.event.type.default').map((each) => each.split(':'));
    for (const [topic = '', type = ''] of defaults) {
      expect(isTopicName(topic) && Object.keys(topicOf(type)?.events ?? {})[0]).toBe(type);
    }
  });

  it('knows every field of the schemas: a new one is indexed, or named here as one that is not', async () => {
    const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
      'audit.recorded': ['version', 'causationId', 'payload', 'payload.before', 'payload.after'],
      'qr.scanned': ['version', 'causationId', 'payload', 'payload.ip', 'payload.userAgent', 'payload.referrer'],
    };
    const templates = await mappings();
    for (const [type = '', index = ''] of (await configuration()).indices) {
      const { paths = [], dynamic } = templates[index] ?? {};
      expect(dynamic).toBe('strict');
      expect([...paths, ...(LEFT_OUT[type] ?? [])].sort()).toEqual(fieldsOf(typeNamed(type)).sort());
    }
  });
});
