import type { Context } from 'aws-lambda';
import { compose, findRegion, systemClock } from './compose.ts';
import { readRequest } from './config/request.ts';
import { readSettings } from './config/settings.ts';
import { isClean } from './domain/report.ts';
import { SECOND } from './domain/time.ts';
import { jsonReportOf, type JsonReport } from './report/json-report.ts';
import { rotateOrganization as run } from './run/rotate-organization.ts';

/** Kept for the summary and the answer when time runs out. */
const TIME_TO_FINISH = 20 * SECOND;

/** A synchronous invocation may be answered with 6 MB. */
const MOST_CHARACTERS = 5_000_000;

/**
 * Rotates the organization. What failed in an account is in the report and the log, not an error of
 * the invocation: repeating the run at once would not help, and the next one comes.
 * @param event `{mode?, accountIds?, userNames?}`, or an event of a schedule
 * @throws InputError when event or settings are wrong
 * @throws Refusal when the organization can't be listed
 */
export async function rotateOrganization(event: unknown, context: Context): Promise<JsonReport> {
  const request = readRequest(event);
  const settings = readSettings(process.env, request.mode);
  const report = await run(
    compose(settings, request, {
      region: await findRegion(),
      publish: true,
      deadline: systemClock.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH,
      progress: {
        accountsFound: (accounts) => {
          log({ message: 'accounts found', accounts });
        },
        accountDone: ({ account, status }) => {
          log({ message: 'account done', accountId: account.id, status });
        },
      },
    }),
  );
  const json = jsonReportOf(report);
  const changes = withoutUnchanged(json);
  for (const account of changes.accounts) log({ message: 'account report', runId: json.runId, ...account });
  const { runId, mode, totals, findings } = json;
  log({ message: 'run report', clean: isClean(report), runId, mode, totals, findings });
  return JSON.stringify(json).length <= MOST_CHARACTERS ? json : changes;
}

const withoutUnchanged = (report: JsonReport): JsonReport => ({
  ...report,
  accounts: report.accounts.map((account) => ({
    ...account,
    outcomes: account.outcomes.filter(({ status }) => status !== 'none'),
  })),
});

const log = (entry: Readonly<Record<string, unknown>>): void => {
  console.log(JSON.stringify(entry));
};
