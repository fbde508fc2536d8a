import { useState } from 'preact/hooks';
import type { DoneReset, PlannedReset } from '../../../server/routes/groups-types.ts';
import { change, get } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { tell } from '../../parts/toast.tsx';
import { pathTo } from '../../router.ts';
import { useChange } from '../../use-change.ts';
import { effectWords, ResetPlan } from './plan.tsx';
import { ResetTarget, type Wanted } from './target.tsx';

/** A group is moved in two steps: where to, and the plan, which somebody has to agree to. */
export const ResetGroup = ({
  group,
  topics,
  onClose,
}: {
  group: string;
  topics: readonly string[];
  onClose: () => void;
}) => {
  const [wanted, setWanted] = useState<Wanted>({
    ...{ topic: topics[0] ?? '', where: 'to-earliest', value: '', partitions: '' },
  });
  const [plan, setPlan] = useState<PlannedReset | undefined>(undefined);
  const { run, failure, isBusy } = useChange();
  const path = ['groups', group, 'reset'];
  const look = (): void => run(async () => setPlan(await get<PlannedReset>(pathTo(path, { ...wanted }))));
  const move = ({ where, value }: PlannedReset, pause: boolean): void =>
    run(async () => {
      const done = await change<DoneReset>('POST', pathTo(path), { ...wanted, where, value, pause });
      tell(`${group} continues at the new offsets of ${done.topic}: ${effectWords(done.effect)}.`);
      onClose();
    });
  return (
    <Dialog title={`Reset ${group}`} onClose={onClose}>
      {plan === undefined ? (
        <ResetTarget
          topics={topics}
          wanted={wanted}
          onWant={setWanted}
          onPlan={look}
          failure={failure}
          isBusy={isBusy}
        />
      ) : (
        <ResetPlan
          plan={plan}
          failure={failure}
          isBusy={isBusy}
          onBack={() => setPlan(undefined)}
          onMove={(pause) => move(plan, pause)}
        />
      )}
    </Dialog>
  );
};
