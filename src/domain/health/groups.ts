import { definedOnly } from '../defined-only.ts';
import type { Area, Check, CheckStatus } from './check.ts';

/* What people read: a thing is said once, however many accounts it is true of, and once what to do. */

/** What is true of one thing, or of several accounts. */
export interface Group {
  readonly area: Area;
  readonly name: string;
  readonly message: string;
  /** Of which accounts; empty where it is about the service. */
  readonly accountIds: readonly string[];
}

/** All that one and the same next step mends. */
export interface Problem {
  readonly groups: readonly Group[];
  readonly nextStep?: string;
}

/** Stands for the id of each account in what is true of several. */
const ANY = '<account id>';

/** The checks with a status, most urgent first. */
export function problemsOf(checks: readonly Check[], status: CheckStatus): readonly Problem[] {
  const alike = new Map<string, Check[]>();
  for (const check of [...checks].filter((one) => one.status === status).sort(byUrgency)) {
    const key = JSON.stringify([
      check.area,
      check.name,
      ofAny(check.message, check),
      ofAny(check.forMany ?? check.nextStep ?? '', check),
    ]);
    alike.set(key, [...(alike.get(key) ?? []), check]);
  }
  const problems = new Map<string, Group[]>();
  for (const checks of alike.values()) {
    const { group, nextStep = '' } = together(checks);
    problems.set(nextStep, [...(problems.get(nextStep) ?? []), group]);
  }
  return [...problems].map(([nextStep, groups]) => ({
    groups,
    ...definedOnly({ nextStep: nextStep === '' ? undefined : nextStep }),
  }));
}

const ofAny = (text: string, { accountId }: Check): string =>
  accountId === undefined ? text : text.replaceAll(accountId, ANY);

function together(checks: readonly Check[]): { readonly group: Group; readonly nextStep?: string } {
  const [first] = checks;
  if (first === undefined) throw new Error('no check to tell');
  const { area, name } = first;
  const accountIds = checks.flatMap(({ accountId }) => accountId ?? []);
  const isOfMany = checks.length > 1;
  const nextStep = isOfMany ? (first.forMany ?? first.nextStep) : first.nextStep;
  const told = (text: string) => (isOfMany ? ofAny(text, first) : text);
  return {
    group: { area, name, message: told(first.message), accountIds },
    ...(nextStep === undefined ? {} : { nextStep: told(nextStep) }),
  };
}

/** What has to be right first: the steps of a deployment, in their order. The rest comes after. */
const STEPS: readonly (readonly [Area, name?: RegExp])[] = [
  ['operator'],
  ['function', /^deployed$/],
  ['settings'],
  ['table', /^status$/],
  ['key'],
  ['organization'],
  ['account', /^enter$/],
  ['account'],
  ['table'],
  ['topic'],
  ['reports', /^bucket$/],
  ['schedule'],
  ['function', /^last run$/],
];

const urgency = ({ area, name }: Check): number => {
  const step = STEPS.findIndex(([of, which]) => of === area && (which?.test(name) ?? true));
  return step === -1 ? STEPS.length : step;
};

const byUrgency = (one: Check, other: Check): number => urgency(one) - urgency(other);

/** Where a deployment that is healthy goes on. */
const WHEN_HEALTHY = 'access-key-rotation plan';

/** The one thing to do next. */
export const nextStepOf = (checks: readonly Check[]): string =>
  problemsOf(checks, 'wrong')[0]?.nextStep ?? WHEN_HEALTHY;
