import { SaxesParser } from 'saxes';
import { FileRefused } from '../refused.ts';

/** What a reader of XML is told. Names come without their namespace prefix. */
export interface XmlEvents {
  readonly open: (name: string, attribute: (name: string) => string | undefined) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Feeds XML in UTF-8 to a reader, piece by piece, and yields after each piece, so that what the reader has collected can be
 * taken. Entities of the document's own are unknown to the parser, so that none can grow.
 *
 * @throws FileRefused when it is not well-formed
 */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new FileRefused(`The workbook is broken: ${error.message}.`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values: Readonly<Record<string, unknown>> = attributes;
    events.open(localName(name), (wanted) => {
      const value = values[wanted];
      return typeof value === 'string' ? value : undefined;
    });
  });
  parser.on('closetag', ({ name }) => events.close(localName(name)));
  parser.on('text', events.text);
  parser.on('cdata', events.text);
  const decoder = new TextDecoder();
  for await (const piece of bytes) {
    parser.write(decoder.decode(piece, { stream: true }));
    yield;
  }
  parser.write(decoder.decode());
  parser.close();
  yield;
}

/** Reads the whole of a document. */
export const readWholeXml = async (bytes: AsyncIterable<Uint8Array>, events: XmlEvents): Promise<void> => {
  for await (const _ of readXml(bytes, events));
};
