import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { bucketArn, objectsArn, type Resources } from './resources.ts';

/** Folders of a bucket, by what may be done in them. */
export interface Folders {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly deletes: readonly string[];
  readonly lists: readonly string[];
}

/** Rights on the objects of a bucket; none where there are no folders. */
export const objectStatements = (
  { reads, writes, deletes, lists }: Folders,
  bucket: string,
  { storageKeyArn }: Pick<Resources, 'storageKeyArn'>,
): readonly PolicyStatement[] => {
  const on = (folders: readonly string[], ...actions: string[]): PolicyStatement[] =>
    folders.length === 0
      ? []
      : [new PolicyStatement({ actions, resources: folders.map((folder) => objectsArn(bucket, folder)) })];
  const seen = [...new Set([...reads, ...lists])];
  const encrypts = [
    ...(reads.length + writes.length > 0 ? ['kms:Decrypt'] : []),
    ...(writes.length > 0 ? ['kms:GenerateDataKey'] : []),
  ];
  return [
    ...on(reads, 's3:GetObject'),
    ...on(writes, 's3:PutObject', 's3:AbortMultipartUpload'),
    ...on(deletes, 's3:DeleteObject'),
    ...(seen.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['s3:ListBucket'],
            resources: [bucketArn(bucket)],
            // Of a key that is not there S3 says so only to who may list the bucket (API Reference, GetObject), and such a
            // request has no prefix; others get 403, which a handler takes for an outage.
            conditions: { StringLikeIfExists: { 's3:prefix': seen.map((folder) => `${folder}*`) } },
          }),
        ]),
    ...(encrypts.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: encrypts,
            resources: [storageKeyArn],
            conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
          }),
        ]),
  ];
};
