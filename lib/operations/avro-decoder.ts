import { StreamError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { AvroDecoder } from './records.ts';

export const avroDecoder =
  (_settings: Settings): AvroDecoder =>
  () =>
    Promise.reject(new StreamError('SCHEMA_UNKNOWN', 'no decoder yet'));
