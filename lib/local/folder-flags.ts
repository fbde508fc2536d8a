import { argument } from '../escape.ts';
import { stackPaths } from './paths.ts';

/**
 * The flags by which another call is about the same stack, however this one was told which: none for the stack in the
 * default folder.
 *
 * @param dataDir what `--data-dir` was given
 */
export const folderFlags = (dataDir: string | undefined, env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const folder = dataDir ?? env.QR_DATA_DIR;
  const isDefault = stackPaths(folder, {}).root === stackPaths(undefined, {}).root;
  return folder === undefined || isDefault ? [] : ['--data-dir', argument(folder)];
};
