import { messageOf } from '../../../lib/errors.ts';
import { dice } from '../../../lib/operations/simulation/dice.ts';
import type { CampaignStack } from './campaign-stack.ts';
import type { Fault } from './faults/index.ts';
import { type Judgement, judgementOf } from './judgement.ts';
import { Ledger } from './ledger.ts';
import { planOf } from './plan.ts';
import { BOUND_MS, settled } from './settling.ts';
import { Workload } from './workload.ts';

/** What a run came to. */
export interface RunReport extends Judgement {
  readonly fault: string;
  readonly seed: number;
  readonly seconds: number;
  /** Partitions on which a group was still behind at the end of its time. */
  readonly stuck: number;
  /** What the fault has done, in the order of it. */
  readonly notes: readonly string[];
}

/** Publishing takes so long, apart from what is left for after the fault. */
const WORKLOAD_MS = 8_000;
/** A run that is not over by then hangs. */
const RUN_MS = 420_000;

/** Whether everything was as it should be. */
export const isRight = ({ lost, doubled, stuck, faults }: RunReport): boolean =>
  lost + doubled + stuck + faults.length === 0;

/** A run that could not begin. */
export const unplayed = (fault: Fault, seed: number, why: string): RunReport => ({
  ...failed(new Ledger(), why),
  fault: fault.name,
  seed,
  seconds: 0,
  stuck: 0,
  notes: [],
});

/** Plays one run. It ends in a bounded time and never throws: what went wrong is in the report. */
export const playRun = async (
  campaign: CampaignStack,
  fault: Fault,
  seed: number,
  interrupted: AbortSignal,
): Promise<RunReport> => {
  const begun = performance.now();
  const ledger = new Ledger();
  const notes: string[] = [];
  const late = AbortSignal.timeout(RUN_MS);
  const signal = AbortSignal.any([interrupted, late]);
  const phase = { name: 'planning' };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`it hung while ${phase.name}`)), { once: true });
  });
  aborted.catch(() => undefined);
  const outcome = await Promise.race([played({ campaign, fault, seed, ledger, notes, signal, phase }), aborted]).catch(
    (error: unknown): Played => ({ judgement: failed(ledger, `${phase.name}: ${messageOf(error)}`), stuck: [] }),
  );
  campaign.detour.clear();
  const { judgement, stuck } = outcome;
  const why = stuck.map((text) => `stuck after ${BOUND_MS / 1_000} s: ${text}`);
  return {
    ...judgement,
    faults: [...why, ...judgement.faults, ...(fault.disorders === undefined ? judgement.disorder : [])],
    fault: fault.name,
    seed,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    stuck: stuck.length,
    notes,
  };
};

interface Play {
  readonly campaign: CampaignStack;
  readonly fault: Fault;
  readonly seed: number;
  readonly ledger: Ledger;
  readonly notes: string[];
  readonly signal: AbortSignal;
  readonly phase: { name: string };
}

interface Played {
  readonly judgement: Judgement;
  readonly stuck: readonly string[];
}

const played = async ({ campaign, fault, seed, ledger, notes, signal, phase }: Play): Promise<Played> => {
  const { stack, publisher, stores, detour, disk } = campaign;
  const chance = dice(seed);
  const now = Date.now();
  const run = `f${seed}`;
  const acts = planOf({ dice: chance, run, now });
  const workload = await Workload.of(acts, { publisher, ledger, signal });
  const begun = performance.now();
  const note = (text: string): void => {
    notes.push(`${((performance.now() - begun) / 1_000).toFixed(1)} s: ${text}`);
  };

  phase.name = 'publishing';
  workload.start(WORKLOAD_MS);
  await workload.reached(chance.integer(10, 40) / 100);
  phase.name = `${fault.name} strikes`;
  await fault.strike({
    stack,
    dice: chance,
    workload,
    ledger,
    detour,
    begun: now,
    note,
    signal,
    ...(disk === undefined ? {} : { disk }),
  });
  phase.name = 'publishing after the fault';
  await workload.finish();
  note('everything is published');
  phase.name = 'settling';
  const stuck = await settled(stack.settings, signal);
  note('the groups have settled');
  phase.name = 'judging';
  return { judgement: await judgementOf(run, ledger, stores), stuck };
};

/** Of a run that could not be judged. */
const failed = (ledger: Ledger, why: string): Judgement => ({
  acknowledged: ledger.size,
  processed: 0,
  deadLettered: 0,
  lost: 0,
  doubled: 0,
  disordered: 0,
  disorder: [],
  faults: [why],
});
