import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { MINUTE } from '../../../src/domain/time.ts';
import { rotateAccount } from '../../../src/map/account.ts';
import { finishRun } from '../../../src/map/finish.ts';
import { listAccounts } from '../../../src/map/list.ts';
import type { Answer } from './functions.ts';

const HANDLERS: Readonly<Record<string, (event: unknown, context: Context) => Promise<unknown>>> = {
  'access-key-rotation-list': listAccounts,
  'access-key-rotation-account': rotateAccount,
  'access-key-rotation-finish': finishRun,
};

/** Runs a function of the map in this process, with its environment; what it throws is told as Lambda does. */
export async function invokeHere(name: string, event: unknown): Promise<Answer> {
  const handler = HANDLERS[name];
  if (handler === undefined) return { kind: 'refused', code: 'ResourceNotFoundException', status: 404 };
  const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 15 * MINUTE } as Context;
  try {
    return { kind: 'returned', value: await handler(event, context) };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    return { kind: 'failed', errorType, errorMessage };
  }
}
