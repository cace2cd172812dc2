import type { FailureKind } from '../../../src/domain/errors.ts';
import { OperationError } from '../../../src/domain/errors.ts';

/** What a promise was rejected with. */
export async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The kind of the OperationError that a promise was rejected with. */
export async function kindOf(promise: Promise<unknown>): Promise<FailureKind> {
  const error = await caught(promise);
  if (error instanceof OperationError) return error.failure.kind;
  throw error;
}
