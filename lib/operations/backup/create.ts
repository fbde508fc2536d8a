import { StreamError } from '../../errors.ts';
import { openRegistry } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import { openObjects } from '../../stores/objects.ts';
import { openRedis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import { baseOf } from './chain.ts';
import { chosenTopics, groupStates, topicStates } from './cluster-state.ts';
import { withLock } from './lock.ts';
import {
  backupsIn,
  idAt,
  type Manifest,
  type Part,
  type Plan,
  readPlan,
  readState,
  requireManifest,
  type State,
  writeManifest,
  writePlan,
  writeState,
} from './manifest.ts';
import { copyObjects } from './objects-copy.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { copyRecords, type Stretch } from './records-copy.ts';
import { copyRedis } from './redis-copy.ts';
import { copyExport } from './registry-copy.ts';
import { schemasIn } from './schemas-copy.ts';

export interface CreateOptions {
  /** All but the internal ones unless given. */
  readonly topics?: readonly string[] | undefined;
  readonly parts: readonly Part[];
  /** Id of the backup to build on; the newest whole one of the place unless given, `none` for a backup that stands alone. */
  readonly on?: string | undefined;
  /** Age of a chain, by its first backup, from which on a new one begins; never unless given. */
  readonly fullAfterMs?: number | undefined;
  /** Runs work while nobody works records, and tells whether that is so. */
  readonly quietly: <Result>(work: () => Promise<Result>) => Promise<{ result: Result; wasQuiet: boolean }>;
  readonly onProgress: OnProgress;
  /** Ends it; what is written by then is used when it is called again. */
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
}

/** A backup that was made, and what there was to do. */
export interface Created {
  readonly manifest: Manifest;
  /** Whether an unfinished one was continued. */
  readonly wasContinued: boolean;
  /** Records that were read now. */
  readonly copied: number;
  /** Batches among them that cannot be decoded: their bytes are in the backup, and a restore leaves them out. */
  readonly undecodable: number;
}

/**
 * Makes a backup while the system runs, or finishes the one that was begun in this place.
 *
 * The order is what makes it exact. Offsets and Redis come first, while nobody works records; records come after, up to
 * the ends that the topics have by then. So a record whose effect is in Redis is before its group's offset, and one that
 * is not is after it and is worked after the restore; none is lost, none counted twice.
 *
 * @throws StreamError NOT_FOUND, REFUSED (also while another one is made there), USAGE, BROKER_UNAVAILABLE and what the stores say
 */
export const createBackup = (settings: Settings, place: Place, options: CreateOptions): Promise<Created> =>
  withLock(place, async (lock) => {
    const signal = AbortSignal.any([lock.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const taken = await taking(settings, place, { ...options, signal });
    await lock.requireHeld();
    await writeManifest(place, taken.manifest);
    return taken;
  });

const taking = async (settings: Settings, place: Place, options: CreateOptions): Promise<Created> => {
  const { signal, now = () => new Date() } = options;
  const { whole, unfinished } = await backupsIn(place);
  const begun = unfinished.at(-1);
  const earlier = begun === undefined ? undefined : await readPlan(place, begun);
  const plan = earlier ?? (await planned(settings, place, whole, options, now()));
  if (earlier === undefined) await writePlan(place, plan);
  else requireSame(earlier, options, place);

  const state = (await readState(place, plan.id)) ?? (await takeState(settings, place, plan, options));
  requireGoing(signal, place);
  const base = plan.on === null ? undefined : await requireManifest(place, plan.on);
  const stretches = await stretchesOf(settings, plan.topics);
  const { topics, ...copy } = await copyRecords(settings, place, plan.id, stretches, base, options.onProgress, signal);
  requireGoing(signal, place);
  const objects = openObjects(settings);
  try {
    const pieces = plan.parts.includes('objects')
      ? await copyObjects(objects, place, plan.id, options.onProgress, signal)
      : [];
    requireGoing(signal, place);
    const manifest: Manifest = {
      ...plan,
      ...state,
      topics: state.topics.map((topic) => ({ ...topic, partitions: topics.get(topic.name) ?? [] })),
      objects: pieces,
      finishedAt: now().toISOString(),
    };
    return { manifest, wasContinued: earlier !== undefined, ...copy };
  } finally {
    objects.close();
  }
};

const planned = async (
  settings: Settings,
  place: Place,
  whole: readonly string[],
  { topics, parts, on, fullAfterMs = Number.POSITIVE_INFINITY }: CreateOptions,
  now: Date,
): Promise<Plan> => {
  const id = idAt(now);
  const base = await baseOf(place, whole, on, fullAfterMs, now.getTime());
  return {
    format: 1,
    id,
    on: base.on,
    root: base.root ?? id,
    topics: await withAdmin(settings, (admin) => chosenTopics(admin, topics)),
    parts,
    begunAt: now.toISOString(),
  };
};

const requireSame = (plan: Plan, { topics, on }: CreateOptions, place: Place): void => {
  const others = topics !== undefined && [...topics].sort().join() !== [...plan.topics].sort().join();
  if (!others && (on === undefined || on === (plan.on ?? 'none'))) return;
  throw new StreamError('REFUSED', `Backup ${plan.id} was begun here with other topics or on another one.`, {
    next: `Finish it: ./stream-manager.sh backup create ${place.address}; or use another folder`,
  });
};

const requireGoing = (signal: AbortSignal | undefined, place: Place): void => {
  if (signal?.aborted !== true) return;
  throw new StreamError('REFUSED', 'The backup was stopped before it was whole.', {
    next: `Continue it: ./stream-manager.sh backup create ${place.address}`,
  });
};

const takeState = async (
  settings: Settings,
  place: Place,
  { id, topics, parts }: Plan,
  { quietly, onProgress, signal }: CreateOptions,
): Promise<State> => {
  const redis = openRedis(settings);
  try {
    const { result, wasQuiet } = await quietly(async () => {
      const takenAt = new Date().toISOString();
      const groups = await withAdmin(settings, (admin) => groupStates(admin, topics));
      return {
        takenAt,
        groups,
        redis: parts.includes('redis') ? await copyRedis(redis, place, id, onProgress, signal) : [],
      };
    });
    requireGoing(signal, place);
    const state: State = {
      ...result,
      wasQuiet,
      topics: await withAdmin(settings, (admin) => topicStates(admin, topics)),
      schemas: parts.includes('schemas') ? await schemasIn(openRegistry(settings)) : [],
      registryExport: parts.includes('schemas') ? await copyExport(settings, place, id) : null,
    };
    await writeState(place, id, state);
    return state;
  } finally {
    redis.disconnect();
  }
};

const stretchesOf = (settings: Settings, topics: readonly string[]): Promise<Stretch[]> =>
  withAdmin(settings, async (admin) => {
    const found: Stretch[] = [];
    for (const topic of topics) {
      for (const bounds of await boundsOf(admin, topic)) found.push({ topic, ...bounds });
    }
    return found;
  });
