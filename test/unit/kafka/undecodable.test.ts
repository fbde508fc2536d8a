import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import crc32c from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { describe, expect, it } from 'vitest';
import { type AbortedTransaction, committedIn } from '../../../lib/kafka/committed.ts';
import { MAX_RECORDS } from '../../../lib/kafka/record-batch.ts';
import { batchOf } from '../../../lib/kafka/written-batch.ts';

const AT = { magic: 16, crc: 17, attributes: 21, lastDelta: 23, count: 57, records: 61 };
const WRITER = { producerId: -1n, producerEpoch: -1, firstSequence: -1, isTransactional: false };
const MIB = 1024 * 1024;
const of = (batches: Buffer, aborted: readonly AbortedTransaction[] = []) => ({ batches, aborted, end: 30 });
const plenty = () => ({ left: 1_024 * MIB });

/** A batch of records with these values, from an offset on. */
const batchAt = async (offset: number, ...values: readonly (string | Buffer)[]): Promise<Buffer> => {
  const batch = await batchOf(
    values.map((value) => ({ value, timestamp: '1000' })),
    0,
    WRITER,
  );
  batch.writeBigInt64BE(BigInt(offset), 0);
  return batch;
};

/** A batch with something else in it, and the checksum that goes with that. */
const changed = (batch: Buffer, change: (bytes: Buffer) => Buffer | undefined): Buffer => {
  const copy = Buffer.from(batch);
  const bytes = change(copy) ?? copy;
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeUInt32BE(crc32c(bytes.subarray(AT.attributes)), AT.crc);
  return bytes;
};

const packedAs =
  (codec: number, packed: Buffer, count = 1) =>
  (batch: Buffer): Buffer => {
    batch.writeInt16BE(codec, AT.attributes);
    batch.writeInt32BE(count, AT.count);
    batch.writeInt32BE(count - 1, AT.lastDelta);
    return Buffer.concat([batch.subarray(0, AT.records), packed]);
  };

/** Frames of a few kilobytes that open to 160 MiB of one byte. */
const bomb = {
  gzip: () => gzipSync(Buffer.alloc(160 * MIB)),
  snappy: () => Buffer.from([0x80, 0x80, 0x80, 0x50, 0x00, 0x41]),
  lz4: () => {
    const block = Buffer.concat([Buffer.from([0x1f, 0x41, 1, 0]), Buffer.alloc(16_400, 255), Buffer.from([0])]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]);
    return Buffer.concat([head, ...Array.from({ length: 40 }, () => [size, block]).flat(), Buffer.alloc(4)]);
  },
  zstd: () => {
    const block = (isLast: number): Buffer => {
      const head = isLast | (1 << 1) | ((128 * 1024) << 3);
      return Buffer.from([head & 255, (head >> 8) & 255, head >> 16, 0x41]);
    };
    const blocks = Array.from({ length: 1_280 }, (_, i) => block(Number(i === 1_279)));
    // Its window is 1 MiB (RFC 8878, 3.1.1.1.2): in script each block moves all of the window, and 128 MiB take 17 s.
    return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]), ...blocks]);
  },
};
const codecs = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

describe('a batch that cannot be decoded', () => {
  const cases: Readonly<Record<string, readonly [(batch: Buffer) => Buffer, RegExp]>> = {
    'that was changed on its way': [
      (batch) => {
        const copy = Buffer.from(batch);
        copy.writeUInt8(copy.readUInt8(AT.records + 8) ^ 1, AT.records + 8);
        return copy;
      },
      /checksum is wrong/,
    ],
    'of a format before 0.11': [(batch) => changed(batch, (bytes) => void bytes.writeInt8(1, AT.magic)), /format is 1/],
    'of a codec that there is none of': [
      (batch) => changed(batch, (bytes) => void bytes.writeInt16BE(7, AT.attributes)),
      /codec is 7/,
    ],
    'with fewer bytes than records': [
      (batch) => changed(batch, (bytes) => void bytes.writeInt32BE(9, AT.count)),
      /end too early/,
    ],
    'with more records than any machine has memory for': [
      (batch) => changed(batch, (bytes) => void bytes.writeInt32BE(MAX_RECORDS + 1, AT.count)),
      /more than 2000000/,
    ],
    ...Object.fromEntries(
      (['gzip', 'snappy', 'lz4', 'zstd'] as const).flatMap((name) => [
        [
          `that is no ${name}`,
          [
            (batch: Buffer) => changed(batch, packedAs(codecs[name], Buffer.from('nothing of the kind'))),
            /cannot be decoded/,
          ],
        ],
        [
          `in ${name} that opens to 160 MiB`,
          [(batch: Buffer) => changed(batch, packedAs(codecs[name], bomb[name]())), /more than 128 MiB|too big/],
        ],
      ]),
    ),
  };

  it.each(Object.entries(cases))(
    '%s is one record with its bytes and the reason, and what lies behind it is read',
    async (_, [spoil, why]) => {
      const spoilt = spoil(await batchAt(10, 'lost'));
      const bytes = Buffer.concat([await batchAt(5, 'before'), spoilt, await batchAt(20, 'behind')]);
      const { records, lastOffset } = await committedIn(of(bytes), plenty());
      expect(lastOffset).toBe(20);
      expect(records.map(({ offset }) => offset)).toEqual([5, 10, 20]);
      expect(records[1]?.value?.equals(spoilt)).toBe(true);
      expect(records[1]?.undecodable).toMatchObject({ firstOffset: 10, reason: expect.stringMatching(why) });
      expect([records[0]?.undecodable, records[2]?.undecodable]).toEqual([undefined, undefined]);
    },
  );

  it('is never the end of reading, whatever byte of it is changed, and never passes for what was written', async () => {
    const [first, middle, last] = await Promise.all([batchAt(0, 'a', 'b'), batchAt(2, 'c', 'd', 'e'), batchAt(5, 'f')]);
    // Offset, size and epoch of the leader are the broker's: no checksum covers them.
    const places = fc.integer({ min: AT.magic, max: middle.length - 1 });
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const spoilt = Buffer.from(middle);
        spoilt.writeUInt8(spoilt.readUInt8(place) ^ flip, place);
        const { records, lastOffset } = await committedIn(of(Buffer.concat([first, spoilt, last])), plenty());
        expect(lastOffset).toBe(5);
        expect(records.map(({ offset }) => offset)).toEqual(
          [...records.map(({ offset }) => offset)].sort((a, b) => a - b),
        );
        const alone = await committedIn(of(spoilt), plenty());
        expect(alone.lastOffset).toBeGreaterThanOrEqual(2);
        expect(alone.lastOffset).toBeLessThan(30);
        const values = records.filter((record) => record.undecodable === undefined).map(({ value }) => String(value));
        expect(values).toEqual(['a', 'b', 'f']);
      }),
    );
  });

  it('of an aborted transaction is nobody’s business', async () => {
    const spoilt = changed(await batchAt(3, 'aborted'), (bytes) => {
      bytes.writeInt16BE(0x10 | 7, AT.attributes);
      bytes.writeBigInt64BE(42n, 43);
      return bytes;
    });
    const { records, lastOffset } = await committedIn(of(spoilt, [{ producerId: 42n, firstOffset: 3 }]), plenty());
    expect([records, lastOffset]).toEqual([[], 3]);
  });
});

describe('an answer', () => {
  it('is decoded up to its allowance and one batch more; the rest comes with the next', async () => {
    const batches = await Promise.all(Array.from({ length: 6 }, (_, i) => batchAt(i, Buffer.alloc(10 * MIB))));
    const allowance = { left: 25 * MIB };
    const { records, lastOffset } = await committedIn(of(Buffer.concat(batches)), allowance);
    expect([records.length, lastOffset]).toEqual([3, 2]);
    // Nothing is left for the other partitions of the answer.
    expect(await committedIn(of(await batchAt(9, 'other')), allowance)).toEqual({ records: [], lastOffset: undefined });
  });
});
