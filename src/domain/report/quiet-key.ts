import type { LastUse } from '../rotation/key.ts';
import type { Instant } from '../time.ts';

/** A young key that the credential report tells of. It has no id there, and its date may be that of a later switching on. */
export interface QuietKey {
  readonly accountId: string;
  readonly userName: string;
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  /** When it comes of age. */
  readonly dueAt: Instant;
}
