import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Hono } from 'hono';
import { StreamError } from '../../errors.ts';

/** The bundled page. */
export interface PageFiles {
  readonly html: string;
  /** The content of one of its files; undefined when it has none of that name. */
  readonly file: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** @throws the error of `readFile` when the folder holds no page */
export const pageFiles = async (folder: string): Promise<PageFiles> => {
  const names = new Set((await readdir(folder)).filter((name) => extname(name) in TYPES));
  return {
    html: await readFile(join(folder, 'index.html'), 'utf8'),
    // The name is one that was found in the folder: it cannot lead out of it.
    file: async (name) => (names.has(name) ? new Uint8Array(await readFile(join(folder, name))) : undefined),
  };
};

/** `/assets/NAME`, and the page itself at every other path: which view is meant, it finds out by itself. */
export const pageRoutes = ({ html, file }: PageFiles): Hono =>
  new Hono()
    .get('/assets/:name', async (c) => {
      const name = c.req.param('name');
      const content = await file(name);
      if (content === undefined) throw new StreamError('NOT_FOUND', `The page has no file ${name}.`);
      // The name changes with the content.
      c.header('cache-control', 'public, max-age=31536000, immutable');
      c.header('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
      return c.body(content);
    })
    .get('*', (c) => {
      c.header('cache-control', 'no-cache');
      return c.html(html);
    });
