import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionCode } from '../../../lib/infra/code.ts';

/** Code that stands for the bundles, which take seconds to make and are not what a template is looked at for. */
export const noCode: FunctionCode = () => Code.fromInline('exports.handler = async () => ({})');

/** Stands for the image of the updates API's server. */
export const noImage = ContainerImage.fromRegistry('server');
