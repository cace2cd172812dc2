import { failureOf } from '../../domain/errors.ts';
import { ok, unanswered, wrong, type Check } from '../../domain/health/check.ts';
import type { AccountExaminer } from '../ports/doctor.ts';

const LOOK_UP = 'cloudtrail:LookupEvents';

/** Whether it may be looked up who uses a key, in an account whose settings ask for it. */
export async function examineUsage(account: Pick<AccountExaminer, 'lookUpUsage'>): Promise<Check> {
  try {
    await account.lookUpUsage();
    return ok('account', LOOK_UP, 'allowed, by call');
  } catch (error) {
    const failure = failureOf(error, LOOK_UP);
    return failure.kind === 'denied'
      ? wrong(
          'account',
          LOOK_UP,
          `lookUpUsage is on, but the role may not do this: ${failure.message}`,
          failure.nextStep,
        )
      : unanswered('account', LOOK_UP, failure);
  }
}
