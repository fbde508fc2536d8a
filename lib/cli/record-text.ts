import type { ReadableRecord } from '../operations/records.ts';
import { escaped } from './escape.ts';
import { colours } from './terminal.ts';

/** A value on lines of its own; text that spans lines or moves the cursor cannot break the layout. */
const valueText = ({ format, value }: ReadableRecord): string => {
  if (format === 'empty') return colours.dim('(no value: a tombstone)');
  if (format === 'text') return escaped(String(value)).replaceAll('\n', '\n  ');
  if (format === 'binary') return `0x${String(value)}`;
  return escaped(JSON.stringify(value));
};

/** A record as a few lines for people: where and when, key, headers, value. */
export const recordText = (record: ReadableRecord): string => {
  const { topic, partition, offset, timestamp, key, headerList, format, schema, problem } = record;
  const headerText = headerList
    .map(({ name, value }) => `${escaped(name)}${value === null ? ' (no value)' : `=${escaped(value)}`}`)
    .join('  ');
  const place = `${topic} [${partition}] @ ${offset}`;
  return [
    `${colours.bold(place)}  ${timestamp}  ${colours.cyan('key')} ${key === null ? colours.dim('none') : escaped(key)}  ${colours.dim(format)}`,
    ...(headerText === '' ? [] : [`  ${colours.dim(headerText)}`]),
    ...(schema === null ? [] : [`  ${colours.dim(escaped(schema))}`]),
    ...(problem === null ? [] : [`  ${colours.yellow(`not decoded: ${escaped(problem)}`)}`]),
    `  ${valueText(record)}`,
  ].join('\n');
};
