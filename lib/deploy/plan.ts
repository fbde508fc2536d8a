import { deployedNames, type EnvironmentName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { type DeployedStack, deployedStack } from './account.ts';
import type { SynthesisedStack } from './cdk.ts';
import { replacedConnectors } from './connector-check.ts';
import { breakingSubjects, type LatestSchema, latestInGlue } from './schema-check.ts';
import { declaredTopics, type TopicVerdict, topicVerdicts } from './topic-check.ts';

/** How the checks see what is deployed; AWS itself unless given. */
export interface DeployedState {
  readonly stack: (name: string) => Promise<DeployedStack | undefined>;
  readonly latestSchema: LatestSchema;
}

/** What is deployed of an environment, as the credentials of the process see it. */
export const deployedState = (environment: EnvironmentName): DeployedState => ({
  stack: (name) => deployedStack(name),
  latestSchema: latestInGlue(deployedNames(environment).registry),
});

/** What the checks before a deployment have to say. */
export interface Verdict {
  readonly topics: readonly TopicVerdict[];
  /** Connectors that would have to be made again under the name they have. */
  readonly connectors: readonly string[];
  /** Subjects whose schema would break readers. */
  readonly breaking: readonly string[];
}

/** Compares what was synthesised with what is deployed. Where nothing is deployed yet there is nothing to say. */
export const verdictOn = async (
  environment: EnvironmentName,
  stacks: readonly SynthesisedStack[],
  state: DeployedState,
): Promise<Verdict> => {
  const both = async (part: string) => {
    const name = `qr-${environment}-${part}`;
    return {
      deployed: (await state.stack(name))?.template,
      wanted: stacks.find((stack) => stack.name === name)?.template ?? {},
    };
  };
  const [streaming, connect] = await Promise.all([both('streaming'), both('connect')]);
  return {
    topics:
      streaming.deployed === undefined
        ? []
        : topicVerdicts(declaredTopics(streaming.deployed), declaredTopics(streaming.wanted)),
    connectors: connect.deployed === undefined ? [] : replacedConnectors(connect.deployed, connect.wanted),
    breaking: await breakingSubjects(state.latestSchema),
  };
};

/** @throws StreamError REFUSED when the deployment would fail half-way, or break somebody */
export const requireHarmless = ({ topics, connectors, breaking }: Verdict): void => {
  const refused = topics.filter(({ kind }) => kind === 'refused').map(({ topic }) => topic);
  if (refused.length > 0) {
    throw new StreamError('REFUSED', `This deployment is refused because of ${[...new Set(refused)].join(', ')}.`, {
      next: 'Change lib/catalog/topics.ts so that it fits what is deployed; docs/aws.md tells what can change',
    });
  }
  if (connectors.length > 0) {
    throw new StreamError('REFUSED', `MSK Connect cannot change ${connectors.join(', ')} in place.`, {
      next: 'Deploy once with `isAway: true` of each in lib/catalog/environments.ts, then without; docs/aws.md tells why',
    });
  }
  if (breaking.length > 0) {
    throw new StreamError('REFUSED', `Readers of ${breaking.join(', ')} could not read what is on the topics.`, {
      next: 'Give new fields a default, and neither retype nor rename fields; or make a new event type',
    });
  }
};

/** @throws StreamError REFUSED while CloudFormation protects one of the stacks from deletion */
export const requireUnprotected = async (
  stacks: readonly SynthesisedStack[],
  { stack: deployed }: Pick<DeployedState, 'stack'>,
): Promise<void> => {
  const names = stacks.map(({ name }) => name);
  const states = await Promise.all(names.map(deployed));
  const kept = names.filter((_, i) => states[i]?.isProtected);
  if (kept.length === 0) return;
  throw new StreamError('REFUSED', `Termination protection is on for ${kept.join(', ')}.`, {
    next: `Switch it off for each: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${kept[0]}`,
  });
};
