import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { START } from '../../support/world.ts';

/* Rows as DynamoDB has them, each a good one. */

export type Attributes = Readonly<Record<string, AttributeValue>>;
export const N = (value: number): AttributeValue => ({ N: String(value) });
export const S = (value: string): AttributeValue => ({ S: value });

export const KEY: Attributes = { userName: S('ann'), replacementOf: S('AKIA1'), deliveredAt: N(START) };
export const INTENT: Attributes = {
  userArn: S('arn:aws:iam::111111111101:user/ann'),
  replaces: S('AKIA1'),
  knownKeyIds: { L: [S('AKIA1')] },
  startedAt: N(START),
  leaseEndsAt: N(START),
  runId: S('run-1'),
};

export const BEGUN: Attributes = {
  what: S('deactivated'),
  userName: S('ann'),
  runId: S('run-1'),
  by: S('arn:aws:iam::123456789012:role/rotation'),
  at: N(START),
  reason: S('unused'),
  message: S('Unused.'),
};
