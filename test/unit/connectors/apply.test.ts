import { describe, expect, it } from 'vitest';
import { applyFiles, type Worker } from '../../../lib/operations/connectors/index.ts';
import { faultOf } from '../../../lib/operations/database/index.ts';

const FILE = { name: 'outbox', config: { 'connector.class': 'A', 'slot.name': 'outbox' } };

/** A worker that runs what it is given, and finds these faults. */
const worker = (errors: Readonly<Record<string, readonly string[]>> = {}) => {
  const running = new Map<string, Readonly<Record<string, string>>>();
  const puts: string[] = [];
  const nothing = async (): Promise<void> => undefined;
  const made: Worker = {
    connectors: async () =>
      Object.fromEntries(
        [...running].map(([name, config]) => [
          name,
          {
            info: { config: { ...config, name } },
            status: { name, type: 'source', connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }] },
          },
        ]),
      ),
    validate: async () => ({
      configs: Object.entries(errors).map(([name, found]) => ({ value: { name, errors: found } })),
    }),
    put: async (name, config) => {
      puts.push(name);
      running.set(name, config);
    },
    pause: nothing,
    resume: nothing,
    stop: nothing,
    deleteOffsets: nothing,
    restart: nothing,
    delete: nothing,
  };
  return { made, puts };
};

describe('applying configurations', () => {
  it('done twice changes something once', async () => {
    const { made, puts } = worker();
    expect(await applyFiles(made, [FILE])).toMatchObject([{ change: 'create' }]);
    expect(await applyFiles(made, [FILE])).toMatchObject([{ change: 'none' }]);
    expect(puts).toEqual(['outbox']);
  });

  it('says in one sentence which field is wrong, and applies nothing', async () => {
    const { made, puts } = worker({
      'slot.name': ['Invalid value: must be\n  lower case'],
      'topic.prefix': ['missing'],
    });
    await expect(applyFiles(made, [FILE])).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'connect/outbox.json: slot.name: Invalid value: must be lower case (and 1 more)',
    });
    expect(puts).toEqual([]);
  });

  it('says which name was probably meant for a field that is missing', async () => {
    const { made } = worker({ 'slot.names': ['is required'] });
    await expect(applyFiles(made, [FILE])).rejects.toMatchObject({ next: 'Did you mean slot.name?' });
  });
});

describe('a replication slot', () => {
  const slot = { name: 'outbox', active: true, lagBytes: 1_000, walStatus: 'reserved' };

  it('is well while its reader is near', () => {
    expect(faultOf([slot])).toBeUndefined();
  });

  it('is not when its reader is far behind, or the log is gone', () => {
    expect(faultOf([{ ...slot, lagBytes: 400_000_000 }])).toBe('the slot outbox is 400 MB behind');
    expect(faultOf([{ ...slot, walStatus: 'lost' }])).toBe('the slot outbox has lost its place in the log');
  });
});
