import { createHash } from 'node:crypto';

const PLAIN_KEY = /^[\w.:@+-]{1,200}$/;

/**
 * The hash tag of an owner: keys that carry it lie in one slot of a cluster (Redis cluster specification, "Hash tags"), so
 * that one script may touch them all. Owners with other characters than identifiers have are hashed.
 *
 * @param owner a record's key, or the id of whatever the keys belong to
 */
export const hashTag = (owner: string): string =>
  `{${PLAIN_KEY.test(owner) ? owner : createHash('sha256').update(owner).digest('base64url')}}`;
