import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openPublisher, type Publisher } from '../../../lib/events/index.ts';
import { stackPaths } from '../../../lib/local/paths.ts';
import { MORE_BROKERS } from '../../../lib/local/services/index.ts';
import { settingsOfPorts } from '../../../lib/local/stack-settings.ts';
import { type ObjectStore, openObjects } from '../../../lib/stores/objects.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { type OwnStack, ownStack } from '../../support/own-stack.ts';
import { signalled } from '../../support/processes.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { Detour } from './detour.ts';
import { AuditLog, type Stores } from './effects/index.ts';
import type { StackKind } from './faults/index.ts';

/** Words of `start` for each kind of stack. */
const START: Readonly<Record<StackKind, readonly string[]>> = {
  'one broker': [],
  'three brokers': ['--brokers', '3'],
  'small disk': [],
};

/** A stack that runs are played on one after the other, with the clients that look at it. */
export class CampaignStack {
  readonly stack: OwnStack;
  readonly detour: Detour;
  readonly disk: SmallDisk | undefined;
  readonly publisher: Publisher;
  readonly stores: Stores;
  readonly #redis: Redis;
  readonly #objects: ObjectStore;

  private constructor(stack: OwnStack, detour: Detour, disk: SmallDisk | undefined) {
    this.stack = stack;
    this.detour = detour;
    this.disk = disk;
    this.publisher = openPublisher(stack.settings, { clientId: 'faults' });
    this.#redis = openRedis(stack.settings);
    this.#objects = openObjects(stack.settings);
    this.stores = { redis: this.#redis, objects: this.#objects, auditLog: new AuditLog(this.#redis, this.#objects) };
  }

  /** Starts one; what was begun is ended again when it does not come up. */
  static async start(kind: StackKind): Promise<CampaignStack> {
    const detour = await Detour.open();
    const own = await ownStack('faults', { QR_FUNCTIONS_AWS_ENDPOINT_URL: detour.url });
    const brokers = kind === 'three brokers' ? 3 : 1;
    const stack = { ...own, settings: settingsOfPorts(own.ports, process.env, brokers === 3 ? [MORE_BROKERS] : []) };
    detour.target = stack.settings.awsEndpoint ?? '';
    const disk =
      kind === 'small disk' ? await SmallDisk.mount(join(stackPaths(stack.dataDir).data, 'kafka')) : undefined;
    const campaign = new CampaignStack(stack, detour, disk);
    try {
      // Once more where a busy machine was too slow: `start` takes up what is there.
      await stack.start(...START[kind]).catch(() => stack.start(...START[kind]));
    } catch (error) {
      await campaign.dispose();
      throw error;
    }
    return campaign;
  }

  /** Copies the logs of everything to a folder, for whoever looks into a run that failed. */
  async keepLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await cp(stackPaths(this.stack.dataDir).logs, folder, { recursive: true });
  }

  /** Ends all of it, whatever state it is in. */
  async dispose(): Promise<void> {
    this.#redis.disconnect();
    this.#objects.close();
    await this.publisher.close().catch(() => undefined);
    // One that is stopped cannot end.
    for (const pid of this.stack.processes()) signalled(pid, 'SIGCONT');
    await this.stack.cli.run('stop', '--yes');
    await this.disk?.unmount();
    await this.stack.dispose();
    this.detour.close();
  }
}
