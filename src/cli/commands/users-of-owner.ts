import { MOST_USERS } from '../../config/request.ts';
import { InputError } from '../../domain/errors.ts';
import { nameInAccount } from '../../domain/named-users.ts';
import { isClean, rotated, type RunReport } from '../../domain/report/run-report.ts';
import { counted } from '../../report/common/wording.ts';
import { filtered, isOfOwner, type Filter } from '../output/report/filter.ts';

/** The users of some owners, and whether that is all of them. */
export interface UsersOfOwner {
  /** `111122223333/alice`. */
  readonly userNames: readonly string[];
  /** What could not be read may be of these owners, too. */
  readonly areAll: boolean;
}

/**
 * The users whose keys have these owners, as a plan has found them.
 * @throws InputError for more users than a run takes by name
 */
export function usersOfOwner(planned: RunReport, { owner = [] }: Pick<Filter, 'owner'>): UsersOfOwner {
  const userNames = [
    ...new Set(
      rotated(planned.accounts).flatMap(({ account, outcomes }) =>
        outcomes
          .filter((outcome) => isOfOwner(outcome, { owner }))
          .map(({ decision }) => nameInAccount(account.id, decision.userName)),
      ),
    ),
  ];
  if (userNames.length > MOST_USERS) {
    throw new InputError([
      `--owner: ${counted(userNames.length, 'user')} have keys of ${owner.join(', ')}, and a run takes at most ${counted(MOST_USERS, 'user')} by name: narrow it with --account or --ou, and do one part after the other`,
    ]);
  }
  return { userNames, areAll: isClean(filtered(planned, { owner })) };
}
