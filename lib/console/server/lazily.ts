import { Hono, type MiddlewareHandler } from 'hono';
import { StreamError } from '../../errors.ts';
import type { ConsoleContext } from './context.ts';
import { answerFailure } from './failure.ts';
import type { Routes } from './routes/index.ts';

/** Answers what begins with `path` by routes that are loaded for the first request. */
export const lazily = (path: string, routes: Routes, context: ConsoleContext): MiddlewareHandler => {
  let loading: Promise<Hono> | undefined;
  const load = async (): Promise<Hono> =>
    new Hono()
      .onError(answerFailure)
      .route(path, await routes(context))
      .all('*', (c) => {
        throw new StreamError('NOT_FOUND', `There is nothing at ${c.req.method} ${c.req.path}.`);
      });
  return async (c) => {
    loading ??= load();
    return (await loading).fetch(c.req.raw, c.env);
  };
};
