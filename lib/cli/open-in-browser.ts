import { once } from 'node:events';

/** Whether somebody sits before this machine's screen. */
const hasScreen = ({ platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>): boolean =>
  env.SSH_CONNECTION === undefined &&
  (platform !== 'linux' || env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined);

/**
 * Opens an address in the browser people use.
 *
 * @returns false where there is none
 */
export const openInBrowser = async (url: string): Promise<boolean> => {
  if (!hasScreen(process)) return false;
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    await once(child, 'spawn');
    return true;
  } catch {
    return false;
  }
};
