import avro from 'avsc';

/**
 * Whether records written by one schema can be read by another: compatibility BACKWARD, as registries check it.
 *
 * @param reader, writer schemas as JSON texts; one that is no Avro schema can neither read nor be read
 */
export const reads = (reader: string, writer: string): boolean => {
  try {
    avro.Type.forSchema(JSON.parse(reader)).createResolver(avro.Type.forSchema(JSON.parse(writer)));
    return true;
  } catch {
    return false;
  }
};
