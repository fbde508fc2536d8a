import { TransientError } from '../errors.ts';
import type { RedisSettings, Settings } from '../settings.ts';

/** What is in private subnets answers only there. */
const IN_THE_VPC = [
  'It is in private subnets: run this where they are within reach, on a bastion in the VPC, through a VPN, or in a',
  'CloudShell VPC environment with a security group that may speak to it',
].join(' ');

/** What to do when a component of these settings does not answer. */
export const nextWhenSilent = ({ kafkaAuth, redisAuth }: Partial<Pick<Settings, 'kafkaAuth' | 'redisAuth'>>): string =>
  kafkaAuth === 'iam' || redisAuth === 'iam'
    ? IN_THE_VPC
    : 'See ./stream-manager.sh health, or bring the stack up: ./stream-manager.sh start';

/** Redis does not answer. */
export const redisSilent = (settings: RedisSettings, cause: unknown): TransientError =>
  new TransientError('REDIS_UNAVAILABLE', `Redis does not answer at ${settings.redisUrl}.`, {
    next: nextWhenSilent(settings),
    cause,
  });
