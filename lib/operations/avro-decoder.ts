import { openCodec, openRegistry } from '../events/index.ts';
import type { Settings } from '../settings.ts';
import type { AvroDecoder } from './records.ts';

/** Decodes framed Avro of any schema that the registry has. */
export const avroDecoder = (settings: Pick<Settings, 'registryUrl'>): AvroDecoder => {
  const codec = openCodec(openRegistry(settings));
  return (framed) => codec.decodeAvro(framed);
};
