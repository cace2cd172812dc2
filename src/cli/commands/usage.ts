import { REGION } from '../../config/patterns.ts';
import { InputError } from '../../domain/errors.ts';
import { findAccount } from '../../run/context/accounts.ts';
import { lookUpUsage } from '../../run/usage/look-up-usage.ts';
import { columnsFor } from '../input/columns.ts';
import { problemsOf, readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { formatUsage, toJsonUsage } from '../output/usage.ts';
import { toPlan } from './compose.ts';

export interface UsageOptions {
  readonly account: string;
  readonly user: string;
  readonly key?: string;
  readonly region?: readonly string[];
  readonly json?: true;
}

/** `access-key-rotation usage`: who uses the keys of a user. */
export async function showUsage(options: UsageOptions, terminal: Terminal): Promise<ExitCode> {
  const { account: accountId, user, key, region: regions = [] } = options;
  const scope = { account: [accountId], theUser: user };
  const wrong = regions.filter((name) => !REGION.test(name));
  if (wrong.length > 0) {
    const problems = wrong.map(
      (name) => `--region: must be a region like eu-central-1, not ${JSON.stringify(name)}`,
    );
    throw new InputError([...problems, ...problemsOf(undefined, scope, terminal)]);
  }
  const { settings, request, aws } = await readInput(undefined, scope, terminal, 'look');
  const run = await toPlan(settings, request, aws);
  const { account } = await findAccount(accountId, run);
  const { openUsage } = await import('../../compose/usage.ts');
  const tools = await openUsage(account.id, run.runId, settings, aws);
  const reports = await lookUpUsage(
    { userName: user, ...(key === undefined ? {} : { accessKeyId: key }), regions: [...new Set(regions)] },
    { ...tools, now: run.now, region: aws.region },
  );
  const about = { account, userName: user, now: run.now };
  terminal.stdout.write(
    options.json
      ? `${JSON.stringify(toJsonUsage(reports, about), null, 2)}\n`
      : formatUsage(reports, about, columnsFor(terminal.stdout)),
  );
  return reports.every(({ failures }) => failures.length === 0) ? 0 : 1;
}
