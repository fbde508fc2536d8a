import 'uplot/dist/uPlot.min.css';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/parts.css';
import './style/overview.css';
import './style/messages.css';
import './style/batches.css';
import './style/letters.css';
import './style/registry.css';
import './style/redis.css';
import { render } from 'preact';
import { openSession } from './api.ts';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);

/** A server that is about to start answers soon. */
const RETRY_MS = 2_000;
const begin = (): void => {
  openSession().catch((error: unknown) => {
    if (!(error instanceof Error && 'status' in error && error.status === 401)) setTimeout(begin, RETRY_MS);
  });
};
begin();
