import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TransientError } from '../../../../lib/errors.ts';
import type { Published } from '../../../../lib/events/index.ts';
import type { Answer, Order } from '../producer.ts';
import type { Sender } from '../workload.ts';
import { type Fault, requireHit, type Scene } from './fault.ts';
import { pause } from './pause.ts';

const PRODUCER = fileURLToPath(new URL('../producer.ts', import.meta.url));
const ROUNDS = 3;

/** Whoever publishes dies after sending: its successor does not know what arrived, and publishes all of it again. */
export const producerKilled: Fault = {
  name: 'producer-killed',
  about: 'The process that publishes gets SIGKILL after sending; its successor sends again what it knows nothing of.',
  stack: 'one broker',
  strike: async (scene) => {
    const { workload, note } = scene;
    const successor = workload.sender;
    let unanswered = 0;
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const producer = begin(scene);
        workload.sender = producer.send;
        await pause(scene, 1_000, 2_500);
        workload.sender = successor;
        const left = producer.end();
        note(`a producer killed with ${left} records unanswered`);
        unanswered += left;
      }
      requireHit(unanswered, 'record on its way');
    } finally {
      workload.sender = successor;
    }
  },
};

interface Producer {
  readonly send: Sender;
  /** Ends it by SIGKILL. @returns how many records it had taken and not answered for */
  readonly end: () => number;
}

interface Waiting {
  readonly resolve: (published: Published) => void;
  readonly reject: (error: Error) => void;
}

const begin = ({ stack }: Scene): Producer => {
  const child: ChildProcess = fork(PRODUCER, {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    env: { ...process.env, PRODUCER_SETTINGS: JSON.stringify(stack.settings) },
  });
  const waiting = new Map<number, Waiting>();
  let count = 0;
  child.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('published' in answer) one?.resolve(answer.published);
    else one?.reject(new TransientError('BROKER_UNAVAILABLE', answer.error));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) {
      reject(new TransientError('BROKER_UNAVAILABLE', 'The producer has died.'));
    }
    waiting.clear();
  });
  return {
    send: (record) =>
      new Promise((resolve, reject) => {
        const order: Order = { id: count, record };
        if (!child.connected) return reject(new TransientError('BROKER_UNAVAILABLE', 'The producer has died.'));
        waiting.set(count, { resolve, reject });
        count += 1;
        child.send(order);
      }),
    end: () => {
      const unanswered = waiting.size;
      child.kill('SIGKILL');
      return unanswered;
    },
  };
};
