declare module 'snappyjs' {
  const snappy: {
    /** @throws Error when it is no block of snappy, or opens to more than `maxLength` bytes */
    uncompress(compressed: Buffer, maxLength: number): Buffer;
    compress(plain: Buffer): Buffer;
  };
  export default snappy;
}
