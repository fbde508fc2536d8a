import { useState } from 'preact/hooks';
import type { ShownConnector } from '../../../server/routes/connectors-types.ts';
import { change } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { tell } from '../../parts/toast.tsx';
import { pathTo } from '../../router.ts';
import { useChange } from '../../use-change.ts';

/** Something that is done to a connector. */
interface Doing {
  readonly label: string;
  readonly path: 'pause' | 'resume' | 'restart';
  readonly body: object;
  readonly done: string;
  /** What it costs; where it costs nothing, nobody is asked. */
  readonly price?: string;
  readonly suits: (connector: ShownConnector) => boolean;
}

const isResting = ({ state }: ShownConnector): boolean => state === 'PAUSED' || state === 'STOPPED';

const priceOfPause = ({ slot, type }: ShownConnector): string =>
  slot === null
    ? `Nothing goes through it until it is resumed; a ${type} goes on where it was.`
    : 'Events of the outbox are not published until it is resumed, and PostgreSQL keeps its log for them: its disk fills.';

const doingsOf = (connector: ShownConnector): readonly Doing[] => {
  const all: readonly Doing[] = [
    { label: 'Resume', path: 'resume', body: {}, done: 'goes on', suits: isResting },
    {
      label: 'Restart what has failed',
      path: 'restart',
      body: { onlyFailed: true },
      done: 'starts again what has failed',
      suits: ({ state }) => state === 'FAILED',
    },
    {
      label: 'Restart',
      path: 'restart',
      body: {},
      done: 'is being started again',
      price: 'All of its tasks stop for some seconds. What they have done and not confirmed is done once more.',
      suits: (each) => !isResting(each),
    },
    {
      label: 'Pause',
      path: 'pause',
      body: {},
      done: 'is being paused',
      price: priceOfPause(connector),
      suits: (each) => !isResting(each),
    },
  ];
  return all.filter(({ suits }) => suits(connector));
};

/** Pause, resume, restart: what suits its state, asked about where it hurts. */
export const ConnectorChanges = ({ connector, onDone }: { connector: ShownConnector; onDone: () => void }) => {
  const { name } = connector;
  const [asked, setAsked] = useState<Doing | undefined>(undefined);
  const { run, failure, isBusy } = useChange();
  const act = ({ path, body, done }: Doing): void => {
    run(async () => {
      await change('POST', pathTo(['connectors', name, path]), body);
      tell(`${name} ${done}.`);
      setAsked(undefined);
      onDone();
    });
  };
  return (
    <footer>
      {asked === undefined ? <FailureNote failure={failure} /> : null}
      {doingsOf(connector).map((doing) => (
        <button
          key={doing.label}
          type="button"
          class={doing.price === undefined ? 'main' : ''}
          disabled={isBusy}
          onClick={() => (doing.price === undefined ? act(doing) : setAsked(doing))}
        >
          {doing.label}
        </button>
      ))}
      {asked === undefined ? null : (
        <Dialog title={`${asked.label} ${name}?`} onClose={() => setAsked(undefined)}>
          <p>{asked.price}</p>
          <FailureNote failure={failure} />
          <footer>
            <button type="button" class="danger" disabled={isBusy} onClick={() => act(asked)}>
              {asked.label}
            </button>
          </footer>
        </Dialog>
      )}
    </footer>
  );
};
