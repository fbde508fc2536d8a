import { readMark } from '../../../../handlers/audit-logs/chain-head.ts';
import { AUDIT_PREFIX, memberOf, placeOf, readableLines } from '../../../../handlers/audit-logs/segment.ts';
import { type ChainCheck, openChainCheck } from '../../../../handlers/audit-logs/verification.ts';
import { topic } from '../../../../lib/catalog/index.ts';
import type { ObjectStore } from '../../../../lib/stores/objects.ts';
import type { Redis } from '../../../../lib/stores/redis.ts';

/** The audit log of a stack, read on: segments are never changed, so each is fetched and checked once. */
export class AuditLog {
  readonly #redis: Redis;
  readonly #objects: ObjectStore;
  readonly #chains: { readonly check: ChainCheck; last: string }[];
  readonly #resources = new Map<string, string[]>();

  constructor(redis: Redis, objects: ObjectStore) {
    this.#redis = redis;
    this.#objects = objects;
    const { partitions } = topic('audit-logs');
    this.#chains = Array.from({ length: partitions }, () => ({ check: openChainCheck(), last: '' }));
  }

  /** Resources that were audited, by tenant or else actor, in the order of the log. */
  get resources(): ReadonlyMap<string, readonly string[]> {
    return this.#resources;
  }

  /** Reads what is new. @returns what is not as it was written, in sentences */
  async read(): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const [partition, chain] of this.#chains.entries()) {
      const folder = `${AUDIT_PREFIX}${partition}/`;
      const keys = await this.#objects.list(folder, chain.last === '' ? undefined : chain.last);
      for (const key of keys.filter((name) => placeOf(name) !== undefined)) {
        const bytes = await this.#objects.get(key);
        if (bytes === undefined) continue;
        for (const { text } of chain.check.next({ key, bytes })) faults.push(`Audit log, ${key}: ${text}.`);
        for (const line of readableLines(bytes).slice(1)) this.#add(memberOf(line, 'record'));
        chain.last = key;
      }
      const head = await readMark(this.#redis, AUDIT_PREFIX, partition);
      for (const { segment, text } of chain.check.end(head)) faults.push(`Audit log, ${segment}: ${text}.`);
    }
    return faults;
  }

  #add(record: unknown): void {
    const owner = String(memberOf(record, 'tenantId') ?? memberOf(record, 'actor'));
    const known = this.#resources.get(owner) ?? [];
    known.push(String(memberOf(record, 'resource')));
    this.#resources.set(owner, known);
  }
}
