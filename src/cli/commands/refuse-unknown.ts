import { nearest } from '../../config/nearest.ts';
import { InputError } from '../../domain/errors.ts';
import { totalsOf, type Finding, type RunReport } from '../../domain/report/run-report.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { isOfOwner, ownersIn, type Filter } from '../output/report/filter.ts';

/* A misspelt name must not pass for "nothing to do". */

/**
 * Whoever names a user means one that is there.
 * @throws InputError for users that no account of the run has; where one could not be read, nothing is said
 */
export function refuseUnknownUsers(
  { findings }: RunReport,
  { userNames }: Pick<RunContext, 'userNames'>,
): void {
  const unknown = findings.flatMap(({ userNotFound }: Finding) => userNotFound ?? []);
  if (userNames.length === 0 || unknown.length === 0) return;
  throw new InputError(
    unknown.map((name) => `--user: no account of this run has a user ${name} with access keys`),
  );
}

/**
 * Whoever names an owner means one that there is. Where not everybody was looked at, nobody knows.
 * @throws InputError for owners of whom no key is
 */
export function refuseUnknownOwners(report: RunReport, { owner }: Filter): void {
  const { usersNotLookedAt, skippedUsers, accounts } = totalsOf(report.accounts);
  if (usersNotLookedAt + skippedUsers + accounts.unreachable + accounts.notStarted > 0) return;
  const outcomes = report.accounts.flatMap((one) => (one.status === 'rotated' ? one.outcomes : []));
  const unknown = (owner ?? []).filter(
    (name) => !outcomes.some((outcome) => isOfOwner(outcome, { owner: [name] })),
  );
  if (unknown.length === 0) return;
  const known = ownersIn(report);
  throw new InputError(
    unknown.map((name) =>
      known.length === 0
        ? `--owner: ${name}: nobody is named as the owner of a key of this run`
        : `--owner: no key of this run has an owner ${name}; ${hint(name, known)}`,
    ),
  );
}

/** As many as a message may name. */
const MOST_NAMED = 10;

function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  const more = known.length - MOST_NAMED;
  return `there are ${known.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
