import { LRUCache } from 'lru-cache';
import type { Rejected } from '../../lib/batches/item.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import { attemptKeys, objectKeys, openBatchKey } from './keys.ts';
import type { Plan, Snapshot } from './plan.ts';
import { parseLogo } from './render/logo.ts';
import { type Image, rendererOf } from './render/renderer.ts';

/** Work a process goes on with: a plan and what renders it, by batch and attempt. */
export interface LoadedPlan {
  readonly plan: Plan;
  readonly render: (data: string) => Image[];
}

const loaded = new WeakMap<ObjectStore, LRUCache<string, LoadedPlan>>();

/** Plans are small; a decoded logo of 4,096 px takes 64 MiB. */
const CACHE = { plans: 50, logoBytes: 256 * 1024 * 1024 };

const cacheOf = (objects: ObjectStore): LRUCache<string, LoadedPlan> => {
  const known = loaded.get(objects) ?? new LRUCache<string, LoadedPlan>({ max: CACHE.plans, maxSize: CACHE.logoBytes });
  loaded.set(objects, known);
  return known;
};

/** Reads work/plan.json; undefined when the batch has none. */
export const readPlan = async (objects: ObjectStore, batchId: string): Promise<Plan | undefined> => {
  const bytes = await objects.get(objectKeys(batchId).plan);
  return bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
};

/** The plan of an attempt with its renderer, from memory where possible; undefined when there is none. */
export const loadPlan = async (
  objects: ObjectStore,
  batchId: string,
  attempt: number,
): Promise<LoadedPlan | undefined> => {
  const cache = cacheOf(objects);
  const known = cache.get(`${attempt}/${batchId}`);
  if (known !== undefined) return known;
  const plan = await readPlan(objects, batchId);
  if (plan === undefined || plan.attempt !== attempt) return undefined;
  const logo = plan.template.logo === undefined ? undefined : await objects.get(attemptKeys(batchId, attempt).logo);
  if (plan.template.logo !== undefined && logo === undefined) {
    throw new PermanentError('BATCH_INVALID', `The logo of batch ${batchId} is no longer there`);
  }
  const picture = logo === undefined ? undefined : parseLogo(logo);
  const work = { plan, render: rendererOf(plan.template, picture) };
  cache.set(`${attempt}/${batchId}`, work, { size: 1 + (picture?.rgba.length ?? 0) });
  return work;
};

/** Writes what the plan speaks of, and the plan last: once it is there, the rest is. */
export const writePlan = async (
  objects: ObjectStore,
  plan: Plan,
  snapshot: Snapshot,
  logo: Buffer | undefined,
): Promise<void> => {
  const keys = attemptKeys(plan.batchId, plan.attempt);
  await Promise.all([
    objects.put(keys.items, snapshot.items),
    ...(snapshot.rejected.length === 0 ? [] : [objects.put(keys.rejected, JSON.stringify(snapshot.rejected))]),
    ...(logo === undefined ? [] : [objects.put(keys.logo, logo)]),
  ]);
  await objects.put(objectKeys(plan.batchId).plan, JSON.stringify(plan), { contentType: 'application/json' });
};

export const readRejected = async (objects: ObjectStore, plan: Plan): Promise<Rejected[]> => {
  if (plan.rejected === 0) return [];
  const bytes = await objects.get(attemptKeys(plan.batchId, plan.attempt).rejected);
  return bytes === undefined ? [] : JSON.parse(bytes.toString('utf8'));
};

/** Deletes everything that was only needed on the way. */
export const deleteWork = async (objects: ObjectStore, batchId: string): Promise<void> => {
  const keys = await objects.list(objectKeys(batchId).work);
  await objects.delete([...keys, openBatchKey(batchId)]);
};
