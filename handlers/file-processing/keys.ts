import { filesFolder } from '../../lib/stores/user-files.ts';

/** Where a file lies, and whose it is. */
export interface FileOf {
  readonly fileId: string;
  readonly userId: string;
}

/** Key of something made of a file: fixed by file and name, so that a file worked again gives the same objects. */
export const outputKey = ({ fileId, userId }: FileOf, name: string): string =>
  `${filesFolder(userId)}${fileId}/${name}`;

/** The batch that is made of an import. */
export const batchOf = ({ fileId }: FileOf): string => `import-${fileId}`;
