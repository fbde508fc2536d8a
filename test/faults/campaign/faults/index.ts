import { brokerOfThreeKilled } from './broker-of-three-killed.ts';
import { calm } from './calm.ts';
import { deliveredOutOfOrder } from './delivered-out-of-order.ts';
import { deliveredTwice } from './delivered-twice.ts';
import { diskFull } from './disk-full.ts';
import { everythingKilled } from './everything-killed.ts';
import type { Fault } from './fault.ts';
import { brokerFrozen, functionFrozen, mappingFrozen, redisFrozen } from './frozen.ts';
import { functionKilled } from './function-killed.ts';
import { groupsReset } from './groups-reset.ts';
import { storeFailing, storePartlyFailing, storeSlow } from './object-store.ts';
import { producerKilled } from './producer-killed.ts';
import { redisCut } from './redis-cut.ts';
import { registryDown } from './registry-down.ts';
import { brokerKilled, mappingKilled, redisKilled, storeKilled } from './service-killed.ts';

export type { Fault, Scene, StackKind } from './fault.ts';

/** All classes of faults. Run number n of a campaign is of class n, and begins anew after the last: the first come in every one. */
export const FAULTS: readonly Fault[] = [
  functionKilled,
  deliveredTwice,
  redisCut,
  mappingKilled,
  brokerKilled,
  brokerOfThreeKilled,
  redisKilled,
  storeKilled,
  everythingKilled,
  producerKilled,
  groupsReset,
  deliveredOutOfOrder,
  registryDown,
  storeSlow,
  storeFailing,
  storePartlyFailing,
  brokerFrozen,
  redisFrozen,
  mappingFrozen,
  functionFrozen,
  diskFull,
  calm,
];
