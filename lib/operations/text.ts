const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as UTF-8; undefined when they are none. */
export const utf8Of = (bytes: Buffer): string | undefined => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** UTF-8 text, or hexadecimal with a leading 0x for bytes that are none. */
export const textOf = (bytes: Buffer): string => utf8Of(bytes) ?? `0x${bytes.toString('hex')}`;
