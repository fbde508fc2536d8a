import { FAULTS } from './faults/index.ts';
import { isRight, type RunReport } from './run.ts';

/** A class that could not be tried on this machine, and why. */
export interface Skipped {
  readonly fault: string;
  readonly reason: string;
}

/** The runs of one class of faults, added up. */
export interface ClassFigures {
  readonly fault: string;
  readonly runs: number;
  readonly acknowledged: number;
  readonly processed: number;
  readonly deadLettered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  /** Why order cannot be held under this class; absent where it must be. */
  readonly disorders?: string;
  /** Partitions on which a group did not get on. */
  readonly stuck: number;
  readonly failedRuns: number;
}

/** What a campaign came to. */
export interface Summary {
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  readonly ok: boolean;
  readonly classes: readonly ClassFigures[];
  readonly failures: readonly (Pick<RunReport, 'fault' | 'seed' | 'faults' | 'notes'> & { readonly replay: string })[];
  readonly skipped: readonly Skipped[];
}

/** The command that plays a run again. */
export const replayOf = ({ fault, seed }: Pick<RunReport, 'fault' | 'seed'>): string =>
  `npm run test:faults -- --runs 1 --only ${fault} --seed ${seed}`;

export interface Campaign {
  readonly seed: number;
  readonly reports: readonly RunReport[];
  readonly skipped: readonly Skipped[];
  readonly seconds: number;
  /** Whether there were to be more runs. */
  readonly interrupted: boolean;
}

export const summaryOf = ({ seed, reports, skipped, seconds, interrupted }: Campaign): Summary => {
  const names = [...new Set(reports.map(({ fault }) => fault))];
  const failures = reports.filter((report) => !isRight(report));
  return {
    seed,
    runs: reports.length,
    seconds,
    ok: failures.length === 0 && !interrupted,
    classes: names.map((name) =>
      figuresOf(
        name,
        reports.filter(({ fault }) => fault === name),
      ),
    ),
    failures: failures.map((report) => {
      const { fault, seed: own, faults, notes } = report;
      return { fault, seed: own, faults, notes, replay: replayOf(report) };
    }),
    skipped,
  };
};

const figuresOf = (fault: string, reports: readonly RunReport[]): ClassFigures => {
  const sum = (value: (report: RunReport) => number): number =>
    reports.reduce((total, report) => total + value(report), 0);
  const disorders = FAULTS.find(({ name }) => name === fault)?.disorders;
  return {
    fault,
    runs: reports.length,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    processed: sum(({ processed }) => processed),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    disordered: sum(({ disordered }) => disordered),
    ...(disorders === undefined ? {} : { disorders }),
    stuck: sum(({ stuck }) => stuck),
    failedRuns: reports.filter((report) => !isRight(report)).length,
  };
};
