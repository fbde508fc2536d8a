import { FileRefused } from '../refused.ts';
import { readXml } from './xml.ts';

/** All shared texts are held in memory while the sheet is read. */
export const SHARED_STRINGS = { bytes: 96 * 1024 * 1024, count: 2_000_000 };

/**
 * The texts that cells refer to by number (ECMA-376 part 1, 18.4.9): runs put together, pronunciation aids left out.
 *
 * @throws FileRefused when there are more than a function can hold
 */
export const sharedStringsOf = async (bytes: AsyncIterable<Uint8Array>): Promise<readonly string[]> => {
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let aids = 0;
  const events = {
    open: (name: string) => {
      if (name === 'si') text = '';
      if (name === 'rPh') aids += 1;
      if (name === 't') isText = aids === 0;
    },
    close: (name: string) => {
      if (name === 'rPh') aids -= 1;
      if (name === 't') isText = false;
      if (name === 'si') strings.push(text);
    },
    text: (piece: string) => {
      if (isText) text += piece;
    },
  };
  for await (const _ of readXml(bytes, events)) {
    if (strings.length > SHARED_STRINGS.count) {
      throw new FileRefused('The workbook holds too many texts: save its rows as CSV.');
    }
  }
  return strings;
};
