import type { FixedNode, Leaves, Logical, PrimitiveNode, Raw } from '../../events/avro/index.ts';
import { textOf } from '../text.ts';
import { bigDecimalText, bigintIn, decimalText, doubleShown, floatShown, wholeIn, wholeShown } from './numbers.ts';
import { dateText, durationText, timeOfDayText, timestampText } from './times.ts';

/** What people write for a value of a logical type; undefined where it is none of it, and is shown as it is encoded. */
type Writing = (raw: Raw, logical: Logical) => string | undefined;

const ofWhole =
  (write: (value: bigint) => string | undefined): Writing =>
  (raw) => {
    const value = wholeIn(raw);
    return value === undefined ? undefined : write(value);
  };

const ofBytes =
  (write: (bytes: Buffer, logical: Logical) => string | undefined): Writing =>
  (raw, logical) =>
    Buffer.isBuffer(raw) ? write(raw, logical) : undefined;

const withZone = (text: string | undefined): string | undefined => (text === undefined ? undefined : `${text}Z`);

const uuidText = (bytes: Buffer): string | undefined =>
  bytes.length === 16
    ? bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;

/** So many digits behind a point at most; a schema may say any scale. */
const MOST_SCALE = 10_000;

const [MILLIS, MICROS, NANOS] = [1_000n, 1_000_000n, 1_000_000_000n];

/** Avro 1.12 specification, "Logical Types". */
const WRITINGS: Readonly<Partial<Record<string, Writing>>> = {
  decimal: ofBytes((bytes, { scale }) =>
    Math.abs(scale) > MOST_SCALE ? undefined : decimalText(bigintIn(bytes), scale),
  ),
  'big-decimal': ofBytes(bigDecimalText),
  uuid: ofBytes(uuidText),
  date: ofWhole(dateText),
  'time-millis': ofWhole((value) => timeOfDayText(value, MILLIS)),
  'time-micros': ofWhole((value) => timeOfDayText(value, MICROS)),
  'timestamp-millis': ofWhole((value) => withZone(timestampText(value, MILLIS))),
  'timestamp-micros': ofWhole((value) => withZone(timestampText(value, MICROS))),
  'timestamp-nanos': ofWhole((value) => withZone(timestampText(value, NANOS))),
  'local-timestamp-millis': ofWhole((value) => timestampText(value, MILLIS)),
  'local-timestamp-micros': ofWhole((value) => timestampText(value, MICROS)),
  'local-timestamp-nanos': ofWhole((value) => timestampText(value, NANOS)),
  duration: ofBytes(durationText),
};

const encoded = ({ kind }: PrimitiveNode | FixedNode, raw: Raw): unknown => {
  if (Buffer.isBuffer(raw)) return textOf(raw);
  if (typeof raw === 'bigint') return wholeShown(raw);
  if (typeof raw !== 'number') return raw;
  return kind === 'float' ? floatShown(raw) : doubleShown(raw);
};

/** For people: what JSON holds without loss, and logical types as they are written. */
export const shownValue: Leaves = (node, raw) => {
  const { logical } = node;
  const written = logical === undefined ? undefined : WRITINGS[logical.name]?.(raw, logical);
  return written ?? encoded(node, raw);
};
