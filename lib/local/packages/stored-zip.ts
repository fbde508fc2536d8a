import { crc32 } from 'node:zlib';

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** 2.0: folders and what is merely stored. */
const VERSION = 20;
/** 1 January 1980, the first day a zip can tell: the same files give the same bytes. */
const DAY = 0x21;

/** One file: what stands before its content and what the directory at the end says of it share most of their fields. */
const headersOf = (name: string, content: Buffer, offset: number): { local: Buffer; central: Buffer } => {
  const local = Buffer.alloc(LOCAL_BYTES);
  local.write('PK\x03\x04', 'latin1');
  local.writeUInt16LE(VERSION, 4);
  local.writeUInt16LE(DAY, 12);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(Buffer.byteLength(name), 26);
  const central = Buffer.alloc(CENTRAL_BYTES);
  central.write('PK\x01\x02', 'latin1');
  central.writeUInt16LE(VERSION, 4);
  local.copy(central, 6, 4);
  central.writeUInt32LE(offset, 42);
  return { local, central };
};

/**
 * A zip of small files that are stored as they are, which is all that a jar with a few service files has to be
 * (PKWARE's APPNOTE.TXT, 4.3).
 *
 * @param files names with `/` between folders, and contents
 */
export const storedZip = (files: readonly (readonly [name: string, content: string])[]): Buffer => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text);
    const { local, central } = headersOf(name, content, offset);
    const body = Buffer.concat([local, Buffer.from(name), content]);
    bodies.push(body);
    directory.push(central, Buffer.from(name));
    offset += body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
};
