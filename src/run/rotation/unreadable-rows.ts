import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { concerns, type RunContext } from '../context/run-context.ts';

const NEXT_STEP =
  'Correct the row. To delete it takes away what it says: from when on a grace counts, or what a run began.';

/** Users with a row that can't be read are left alone: what it says may be a reason to wait. */
export const usersWithUnreadableRows = ({ badRows }: AccountLedger, run: RunContext): readonly Gap[] =>
  badRows.flatMap(({ userName, message }): Gap[] =>
    userName === undefined || !concerns(run, userName)
      ? []
      : [
          {
            userName,
            reason: 'unreadable',
            failure: { kind: 'unknown', during: 'read the ledger', message, nextStep: NEXT_STEP },
          },
        ],
  );

/** Rows that don't even say which user they are about. */
export const unreadableRowFindings = ({ badRows }: AccountLedger): readonly Finding[] =>
  badRows
    .filter(({ userName }) => userName === undefined)
    .map(({ message }) => ({ severity: 'failure', message, nextStep: NEXT_STEP }));
