import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../lib/operations/schemas/changes.ts';
import { checkAgainst } from '../../../lib/operations/schemas/check.ts';
import { compiledSchema } from '../../../lib/operations/schemas/files.ts';

const schema = (...payload: readonly object[]) =>
  compiledSchema(
    JSON.stringify({
      ...{ type: 'record', name: 'BatchRequested', doc: 'A batch' },
      fields: [{ name: 'payload', type: { type: 'record', name: 'Payload', fields: payload } }],
    }),
    'schema',
  );

const COUNT = { name: 'itemCount', type: 'int' };
const FRESH = { name: 'this schema', type: schema({ ...COUNT, type: 'string' }) };
const VERSIONS = [1, 2, 3].map((version) => ({ name: `version ${version}`, type: schema(COUNT) }));

describe('a check', () => {
  it('says which change breaks which reader, once for all versions it breaks with', () => {
    expect(checkAgainst(FRESH, VERSIONS, 'BACKWARD').map(({ text, isBreaking }) => [text, isBreaking])).toEqual([
      [
        'field payload.itemCount: int → string: readers of this schema cannot read records of version 1, version 2 and version 3',
        true,
      ],
      [
        'field payload.itemCount: int → string: readers of version 1, version 2 and version 3 cannot read records of this schema',
        false,
      ],
    ]);
  });

  it('names only the versions that differ', () => {
    const versions = [...VERSIONS.slice(0, 1), { name: 'version 2', type: FRESH.type }];
    expect(checkAgainst(FRESH, versions, 'BACKWARD').map(({ earlier }) => earlier)).toEqual([
      ['version 1'],
      ['version 1'],
    ]);
  });

  it('takes earlier readers for broken only where the registry upgrades them last', () => {
    const removed = { name: 'this schema', type: schema() };
    const breaking = (level: string) =>
      checkAgainst(removed, VERSIONS, level).map(({ direction, isBreaking }) => [direction, isBreaking]);
    expect(breaking('BACKWARD')).toEqual([['new-records', false]]);
    for (const level of ['FULL', 'FULL_TRANSITIVE', 'FORWARD_ALL']) {
      expect(breaking(level)).toEqual([['new-records', true]]);
    }
    expect(checkAgainst(removed, VERSIONS, 'BACKWARD')[0]?.change).toContain('removed');
  });

  it('finds nothing in a field with a default, added or widened', () => {
    const grown = {
      name: 'this schema',
      type: schema({ ...COUNT, type: 'long' }, { name: 'note', type: 'string', default: '' }),
    };
    expect(checkAgainst(grown, VERSIONS, 'BACKWARD').filter(({ isBreaking }) => isBreaking)).toEqual([]);
  });
});

describe('a comparison', () => {
  it('names fields that are added and removed, and types, defaults and docs that change', () => {
    const before = schema(COUNT, { name: 'gone', type: 'string' }, { name: 'same', type: 'int', default: 1, doc: 'a' });
    const after = schema(
      { ...COUNT, type: ['null', 'long'] },
      { name: 'same', type: 'int', default: 2, doc: 'b' },
      { name: 'list', type: { type: 'array', items: { type: 'record', name: 'Item', fields: [COUNT] } } },
    );
    expect(changesBetween(before, after)).toEqual([
      { path: 'payload.itemCount', kind: 'type', from: 'int', to: 'long or null' },
      { path: 'payload.gone', kind: 'removed', from: 'string, no default', to: null },
      { path: 'payload.same', kind: 'default', from: '1', to: '2' },
      { path: 'payload.same', kind: 'doc', from: 'a', to: 'b' },
      { path: 'payload.list', kind: 'added', from: null, to: 'list of record Item, no default' },
      { path: 'payload.list[].itemCount', kind: 'added', from: null, to: 'int, no default' },
    ]);
    expect(changesBetween(after, after)).toEqual([]);
  });
});
