import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../lib/local/functions/response.ts';
import { anyBatch, nameOf, recordOf } from '../../support/source-records.ts';

const records = [recordOf(0, 100), recordOf(0, 101), recordOf(3, 100)];
const failure = (partition: unknown, offset: unknown) => ({ itemIdentifier: { partition, offset } });
const answer = (...batchItemFailures: unknown[]) => JSON.stringify({ batchItemFailures });

describe('an answer that means success', () => {
  it.each([
    '',
    'null',
    '""',
    '{}',
    ' { } ',
    '{"batchItemFailures":null}',
    '{"batchItemFailures":[]}',
    '{ "batchItemFailures" : [ ] }',
    '{"something":"else"}',
  ])('%j', (body) => {
    expect(verdictOf(body, 't', records)).toEqual({ kind: 'success' });
  });
});

describe('an answer that names failed records', () => {
  it('means these, and no others', () => {
    const verdict = verdictOf(answer(failure('t-0', 101), failure('t-3', 100)), 't', records);
    expect(verdict.kind === 'partial' && [...verdict.failed].map(nameOf)).toEqual(['0@101', '3@100']);
  });

  it('may name one twice, and all of them', () => {
    const verdict = verdictOf(answer(failure('t-0', 101), failure('t-0', 101)), 't', records);
    expect(verdict.kind === 'partial' && verdict.failed.size).toBe(1);
    const all = records.map(({ partition, offset }) => failure(`t-${partition}`, offset));
    expect(verdictOf(answer(...all), 't', records)).toEqual({ kind: 'partial', failed: new Set(records) });
  });

  it('is read back to the records it was made of', () => {
    const ends = anyBatch().chain((batch) => fc.tuple(fc.constant(batch), fc.subarray(batch, { minLength: 1 })));
    fc.assert(
      fc.property(ends, ([batch, failed]) => {
        const body = answer(...failed.map(({ partition, offset }) => failure(`t-${partition}`, offset)));
        expect(verdictOf(body, 't', batch)).toEqual({ kind: 'partial', failed: new Set(failed) });
      }),
    );
  });
});

describe('an answer that means the whole batch again', () => {
  it.each([
    ['no JSON', 'OK'],
    ['half of JSON', '{"batchItemFailures":['],
    ['a string', '"failed"'],
    ['a number', '3'],
    ['true', 'true'],
    ['a list', '[]'],
    ['failures that are an object', '{"batchItemFailures":{}}'],
    ['failures that are a string', '{"batchItemFailures":"t-0"}'],
    ['an identifier that is a string, as for SQS', '{"batchItemFailures":[{"itemIdentifier":"t-0-100"}]}'],
    ['an identifier that is null', '{"batchItemFailures":[{"itemIdentifier":null}]}'],
    ['a failure without an identifier', '{"batchItemFailures":[{}]}'],
    ['a failure that is null', '{"batchItemFailures":[null]}'],
    ['an unknown partition', answer(failure('t-1', 100))],
    ['a partition without its topic', answer(failure(0, 100))],
    ['an unknown offset', answer(failure('t-0', 7))],
    ['an offset that is a string', answer(failure('t-0', '100'))],
    ['an offset that is missing', answer(failure('t-0', undefined))],
    ['a known record beside an unknown one', answer(failure('t-0', 100), failure('t-9', 1))],
  ])('%s', (_, body) => {
    expect(verdictOf(body, 't', records)).toMatchObject({ kind: 'malformed' });
  });

  it('whatever else it is: it never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        expect(['success', 'malformed']).toContain(verdictOf(body, 't', records).kind);
      }),
    );
  });
});
