import { describe, expect, it } from 'vitest';
import type { AvroField, AvroRecord } from '../../../lib/events/avro-schema.ts';
import { generatedModules } from '../../../lib/events/generation/typescript.ts';

const event = (fields: readonly AvroField[]): AvroRecord => ({
  type: 'record',
  name: 'ThingDone',
  fields: [{ name: 'payload', type: { type: 'record', name: 'ThingDonePayload', fields } }],
});

describe('types made from a schema', () => {
  it('have the fields with their docs, and leave those with a default open when an event is made', () => {
    const { payloads } = generatedModules([
      {
        eventType: 'thing.done',
        schema: event([
          { name: 'id', type: 'string', doc: 'Which' },
          { name: 'note', type: ['null', 'string'], default: null },
          { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['a', 'b'] } },
          { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
          { name: 'counts', type: { type: 'map', values: 'long' } },
        ]),
      },
    ]);
    expect(payloads).toMatchInlineSnapshot(`
      "// Made from schemas/*.avsc by \`npm run generate\`. Do not edit.

      export interface ThingDone {
        /** Which */
        readonly id: string;
        readonly note: null | string;
        readonly kind: 'a' | 'b';
        readonly tags: readonly (string)[];
        readonly counts: Readonly<Record<string, number>>;
      }

      /** {@link ThingDone} as it is made: what has a default may be left out. */
      export interface ThingDoneInput {
        /** Which */
        readonly id: string;
        readonly note?: null | string;
        readonly kind: 'a' | 'b';
        readonly tags?: readonly (string)[];
        readonly counts: Readonly<Record<string, number>>;
      }

      export interface EventPayloads {
        readonly 'thing.done': ThingDone;
      }

      export interface EventInputs {
        readonly 'thing.done': ThingDoneInput;
      }
      "
    `);
  });

  it('are refused for a schema without payload, and for Avro types they do not cover', () => {
    expect(() => generatedModules([{ eventType: 'x', schema: { type: 'record', name: 'X', fields: [] } }])).toThrow(
      /no record named payload/,
    );
    expect(() => generatedModules([{ eventType: 'x', schema: event([{ name: 'a', type: 'Other' }]) }])).toThrow(
      /Avro type Other/,
    );
  });
});
