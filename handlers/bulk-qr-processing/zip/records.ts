/**
 * The records of a zip file, as PKWARE's APPNOTE.TXT 6.3.10 lays them out. Entries are stored as they are (PNG and PDF
 * are compressed already) or deflated; names are UTF-8.
 */
export interface ZipEntry {
  readonly name: Buffer;
  /** CRC-32 of the uncompressed bytes. */
  readonly crc: number;
  /** Bytes before and after compression, each under 4 GiB. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: Method;
  /** Bytes from the start of the file to the entry's local header. */
  readonly offset: number;
}

export const STORED = 0;
export const DEFLATED = 8;
export type Method = typeof STORED | typeof DEFLATED;

/** Date and time as MS-DOS counts them: two words, to two seconds. */
export interface DosTime {
  readonly date: number;
  readonly time: number;
}

const VERSION = 20;
const VERSION_ZIP64 = 45;
/** Made by Unix (3), so that readers take the permissions below. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
const UTF8_NAMES = 1 << 11;
const REGULAR_FILE_644 = 0o100644 * 0x10000;
const MAX_16 = 0xffff;
export const MAX_32 = 0xffffffff;

/** @param at ISO 8601; taken in UTC; MS-DOS time starts in 1980 */
export const dosTimeOf = (at: string): DosTime => {
  const when = new Date(at);
  const year = when.getUTCFullYear();
  if (!(year >= 1980 && year < 2108)) return { date: (1 << 5) | 1, time: 0 };
  return {
    date: ((year - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate(),
    time: (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1),
  };
};

type Unplaced = Omit<ZipEntry, 'offset'>;

/** Writes the fields that local header and central directory share; returns where they end. */
const writeCommon = (to: Buffer, at: number, entry: Unplaced, { date, time }: DosTime): number => {
  let next = to.writeUInt16LE(VERSION, at);
  next = to.writeUInt16LE(UTF8_NAMES, next);
  next = to.writeUInt16LE(entry.method, next);
  next = to.writeUInt16LE(time, next);
  next = to.writeUInt16LE(date, next);
  next = to.writeUInt32LE(entry.crc, next);
  next = to.writeUInt32LE(entry.packedSize, next);
  next = to.writeUInt32LE(entry.size, next);
  return to.writeUInt16LE(entry.name.length, next);
};

/** Section 4.3.7. The entry's bytes follow it. */
export const localHeader = (entry: Unplaced, at: DosTime): Buffer => {
  const header = Buffer.allocUnsafe(30 + entry.name.length);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(0, writeCommon(header, 4, entry, at));
  entry.name.copy(header, 30);
  return header;
};

/** Section 4.3.12; past 4 GiB the offset moves to a Zip64 extra field (4.5.3). */
export const centralHeader = (entry: ZipEntry, at: DosTime): Buffer => {
  const far = entry.offset >= MAX_32;
  const header = Buffer.alloc(46 + entry.name.length + (far ? 12 : 0));
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY, 4);
  const next = writeCommon(header, 6, entry, at);
  if (far) header.writeUInt16LE(VERSION_ZIP64, 6);
  header.writeUInt16LE(far ? 12 : 0, next);
  header.writeUInt32LE(REGULAR_FILE_644, 38);
  header.writeUInt32LE(far ? MAX_32 : entry.offset, 42);
  entry.name.copy(header, 46);
  if (far) {
    const extra = 46 + entry.name.length;
    header.writeUInt16LE(0x0001, extra);
    header.writeUInt16LE(8, extra + 2);
    header.writeBigUInt64LE(BigInt(entry.offset), extra + 4);
  }
  return header;
};

/** The same central header at another offset: what assembling does to the headers of a fragment. */
export const movedCentralHeader = (header: Buffer, by: number): Buffer => {
  const offset = header.readUInt32LE(42) + by;
  if (offset < MAX_32) {
    header.writeUInt32LE(offset, 42);
    return header;
  }
  const far = Buffer.alloc(header.length + 12);
  header.copy(far);
  far.writeUInt16LE(VERSION_ZIP64, 6);
  far.writeUInt16LE(12, 30);
  far.writeUInt32LE(MAX_32, 42);
  far.writeUInt16LE(0x0001, header.length);
  far.writeUInt16LE(8, header.length + 2);
  far.writeBigUInt64LE(BigInt(offset), header.length + 4);
  return far;
};

/** The length of the central header that starts at `at`. */
export const centralHeaderLength = (bytes: Buffer, at: number): number =>
  46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);

/** What ends the file: 4.3.16, and before it 4.3.14 and 4.3.15 (Zip64) when a number does not fit. */
export const endOfDirectory = (entries: number, directoryBytes: number, directoryOffset: number): Buffer => {
  const large = entries >= MAX_16 || directoryBytes >= MAX_32 || directoryOffset >= MAX_32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(directoryBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, MAX_32), 16);
  if (!large) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(MADE_BY, 12);
  end64.writeUInt16LE(VERSION_ZIP64, 14);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(directoryBytes), 40);
  end64.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
};
