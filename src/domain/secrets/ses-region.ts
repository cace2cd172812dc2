import type { LastUse } from '../rotation/key.ts';

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/**
 * The region in which a key sends mail with Amazon SES, as its last use tells. Its owner may do so by
 * SMTP, and the password for that is derived from the secret key and the region.
 */
export const sesRegionOf = (lastUse: LastUse): string | undefined =>
  lastUse.kind === 'used' && lastUse.service === 'ses' && REGION.test(lastUse.region ?? '')
    ? lastUse.region
    : undefined;
