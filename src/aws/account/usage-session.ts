import { only } from './read-only-session.ts';

/** What the session of who asks who uses a key may do at most, whatever its role allows: AWS enforces it. */
export const USAGE_SESSION_POLICY = only([
  'cloudtrail:LookupEvents',
  'iam:GetAccessKeyLastUsed',
  'iam:ListAccessKeys',
]);
