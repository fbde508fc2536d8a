import type { Batch } from '../../../../../handlers/bulk-qr-processing/batch-state.ts';
import type { ShownCode } from '../../../server/routes/batches-types.ts';
import { bytes, number } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { BatchProgress, StateBadge } from './state.tsx';

const SHOWN = 12;

const Codes = ({ id }: { id: string }) => {
  const { data, failure } = useAnswer<readonly ShownCode[]>(pathTo(['batches', id, 'codes']));
  return (
    <>
      <FailureNote failure={failure} />
      <ul class="codes">
        {data === undefined
          ? Array.from({ length: SHOWN }, (_, i) => <li key={`awaited-${String(i)}`} class="awaited" />)
          : data.map(({ name, url }) => (
              <li key={name}>
                <img src={url} alt={`Code ${name}`} width="96" height="96" />
                <span>{name}</span>
              </li>
            ))}
      </ul>
      {data?.length === 0 ? <p class="empty">Its codes are no pictures; the zip has them.</p> : null}
    </>
  );
};

/** @param known from the live list; asked for by itself when it is older than those */
export const BatchDetails = ({ id, known, onClose }: { id: string; known: Batch | undefined; onClose: () => void }) => {
  const asked = useAnswer<Batch>(pathTo(['batches', id]));
  const batch = known ?? asked.data;
  const hasZip = batch?.zipKey !== undefined;
  return (
    <Dialog drawer title={id} onClose={onClose}>
      <FailureNote failure={asked.failure} />
      {batch === undefined ? <span class="bone" /> : <BatchProgress batch={batch} />}
      <Facts
        awaited={6}
        facts={
          batch && [
            ['State', <StateBadge key="state" state={batch.state} />],
            ['User', batch.userId],
            ['Priority', batch.priority],
            ['Chunks', batch.chunks === 0 ? null : `${number(batch.chunksDone)} of ${number(batch.chunks)}`],
            ['Requested', batch.requestedAt],
            ['Completed', batch.completedAt],
            ['Failed', batch.failedAt],
            ['Reason', batch.reason],
            ['Zip', batch.zipBytes === undefined ? null : bytes(batch.zipBytes)],
          ]
        }
      />
      {hasZip ? (
        <>
          <h3>First codes</h3>
          <Codes id={id} />
          <footer>
            <a class="button" href={`/api${pathTo(['batches', id, 'zip'])}`} download>
              Download the zip
            </a>
          </footer>
        </>
      ) : null}
    </Dialog>
  );
};
