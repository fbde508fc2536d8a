import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Worker } from './worker.ts';

export interface ScheduledWorkerProps {
  readonly worker: Worker;
  /** Name of the rule in the account. */
  readonly name: string;
  readonly everyMinutes: number;
}

/** EventBridge and Lambda take no less. */
const SHORTEST = Duration.minutes(1);

/** The rule that starts a function again and again. What was missed is not made up for: the next start does it. */
export class ScheduledWorker extends Construct {
  constructor(scope: Construct, id: string, { worker, name, everyMinutes }: ScheduledWorkerProps) {
    super(scope, id);
    worker.target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: SHORTEST });
    new Rule(this, 'Rule', {
      ruleName: name,
      description: `Starts ${name}`,
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaFunction(worker.target, { retryAttempts: 0, maxEventAge: SHORTEST })],
    });
  }
}
