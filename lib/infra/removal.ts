import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../catalog/index.ts';

/** What becomes of things that hold no data of users (keys, logs) when their stack is deleted. */
export const removalOf = ({ isThrowaway }: Environment): RemovalPolicy =>
  isThrowaway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
