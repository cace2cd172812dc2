import pc from 'picocolors';
import {
  isHealthy,
  type Area,
  type Check,
  type CheckStatus,
  type HealthReport,
} from '../../domain/health/check.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted } from '../../report/common/wording.ts';

/* What `doctor` found as people read it in a terminal. */

const AREAS: Readonly<Record<Exclude<Area, 'account'>, string>> = {
  settings: 'Settings',
  organization: 'Organization',
  function: 'Function',
  schedule: 'Schedule',
  table: 'Table',
  topic: 'Topic',
  key: 'Encryption key',
};

/** What is right is only counted; everything else is shown in full. */
export function formatHealth(report: HealthReport): string {
  const ofService = Object.entries(AREAS).map(([area, title]) =>
    group(
      pc.bold(title),
      report.checks.filter((check) => check.area === area),
    ),
  );
  const ofAccounts = report.accounts.map(({ id, name }) =>
    group(
      `${pc.bold(clean(name))} ${pc.dim(id)}`,
      report.checks.filter(({ accountId }) => accountId === id),
    ),
  );
  return [...ofService, ...ofAccounts, '', conclusion(report), ''].filter((part) => part !== null).join('\n');
}

function group(heading: string, checks: readonly Check[]): string | null {
  if (checks.length === 0) return null;
  const right = count(checks, 'ok');
  const rest = checks.filter(({ status }) => status !== 'ok').map(inFull);
  return [`${heading}${right > 0 ? `  ${pc.green(`${right} ok`)}` : ''}`, ...rest].join('\n');
}

function inFull({ status, name, message, nextStep }: Check): string {
  const mark = status === 'wrong' ? pc.red('wrong') : pc.yellow('not checked');
  const next = nextStep === undefined ? '' : `\n    Next step: ${whole(nextStep)}`;
  return `  ${mark}  ${whole(name)}: ${whole(message)}${next}`;
}

function conclusion(report: HealthReport): string {
  const problems = count(report.checks, 'wrong');
  const open = count(report.checks, 'not-checked');
  const verdict = isHealthy(report)
    ? pc.green('Nothing is wrong')
    : pc.red(`${counted(problems, 'thing is', 'things are')} wrong`);
  const rest = open === 0 ? '' : `, ${pc.yellow(`${open} not checked`)}`;
  return `${pc.bold(verdict)}: ${counted(count(report.checks, 'ok'), 'check')} ok${rest}`;
}

const count = (checks: readonly Check[], status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length;
