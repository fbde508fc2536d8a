import avro from 'avsc';

/** The verdict of the Avro library that decodes the records: whether the reader's type reads what the writer's wrote. */
export const canRead = (reader: avro.Type, writer: avro.Type): boolean => {
  try {
    reader.createResolver(writer);
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether records written by one schema can be read by another: compatibility BACKWARD, as registries check it.
 *
 * @param reader, writer schemas as JSON texts; one that is no Avro schema can neither read nor be read
 */
export const reads = (reader: string, writer: string): boolean => {
  try {
    return canRead(avro.Type.forSchema(JSON.parse(reader)), avro.Type.forSchema(JSON.parse(writer)));
  } catch {
    return false;
  }
};
