import {
  ACCOUNT_PAGES_A_SECOND,
  ACCOUNTS_A_PAGE,
  LAMBDA_CONCURRENCY,
  OPEN_CHILDREN,
  PRICES,
  RATES,
  REPORTS_A_SECOND,
  type Rate,
  type Shared,
} from './quotas.ts';

/** A run by map. */
export interface MapRun {
  readonly accounts: number;
  /** `accountConcurrency`: how many the map works on at a time. */
  readonly atATime: number;
  /** Share of the accounts in which a key is replaced. */
  readonly due: number;
  /** Seconds of one account, without what it waits for others: its report, and its calls. */
  readonly seconds: (account: number) => number;
  /** Seconds that a new environment takes to start. */
  readonly coldStart: number;
  /** Where secrets are: all in one account, or each in its own. */
  readonly delivery: 'member' | 'central';
  /** Where digests go: all to one, or those of each account to its own. */
  readonly topics: 'one' | 'own';
  readonly rates?: Readonly<Record<Shared, Rate>>;
  readonly lambdaConcurrency?: number;
}

export type Bottleneck = Shared | 'accounts at a time' | 'Lambda concurrency' | 'open children' | 'none';

export interface Simulated {
  /** From the start of the run to its summary. */
  readonly seconds: number;
  readonly atOnce: number;
  /** What accounts waited for the longest, all together. */
  readonly bottleneck: Bottleneck;
  /** Of all functions. */
  readonly functionSeconds: number;
}

/** What one account takes of what all share: before it works, and after. */
const BEFORE: readonly (readonly [Shared, number])[] = [['STS', 2]];
const after = ({ delivery, topics }: MapRun): readonly (readonly [Shared, number])[] => [
  ['DynamoDB', 9],
  ...(delivery === 'central' ? ([['Secrets Manager', 2]] as const) : []),
  ...(topics === 'one' ? ([['one topic', 1]] as const) : []),
  ['SNS', 1],
];

const TICK = 0.05;

type Step =
  | { readonly kind: 'take'; readonly what: Shared; readonly tokens: number }
  | { readonly kind: 'environment' }
  | { readonly kind: 'work'; readonly seconds: number };

interface Job {
  readonly steps: readonly Step[];
  next: number;
  /** Not before this moment. */
  ready: number;
  startedAt: number;
}

/**
 * Goes through a run in steps of time. Each account waits for its turn, then for one thing after the other;
 * who came first is served first.
 */
export function simulate(run: MapRun): Simulated {
  const { accounts, rates = RATES, lambdaConcurrency = LAMBDA_CONCURRENCY } = run;
  const slots = Math.min(run.atATime, lambdaConcurrency, OPEN_CHILDREN);
  const tokens = new Map(Object.entries(rates).map(([name, { burst }]) => [name as Shared, burst]));
  const waited = new Map<Bottleneck, number>();
  const wait = (what: Bottleneck, seconds: number) => waited.set(what, (waited.get(what) ?? 0) + seconds);
  let open: Job[] = [];
  let begun = 0;
  let environments = 0;
  let working = 0;
  let functionSeconds = 0;
  let now = Math.ceil(accounts / ACCOUNTS_A_PAGE) / ACCOUNT_PAGES_A_SECOND;

  const isDone = (job: Job): boolean => job.next >= job.steps.length;
  /** Goes on as far as it can. */
  const advance = (job: Job, blocked: Set<Shared>): void => {
    while (!isDone(job) && job.ready <= now) {
      const step = job.steps[job.next];
      if (step === undefined) return;
      if (step.kind === 'work') {
        job.ready = now + step.seconds;
      } else if (step.kind === 'environment') {
        const isWarm = working < environments;
        if (!isWarm && !take('new environments', 1, blocked)) return;
        working += 1;
        job.startedAt = now;
        if (!isWarm) {
          environments += 1;
          job.ready = now + run.coldStart;
        }
      } else if (!take(step.what, step.tokens, blocked)) return;
      job.next += 1;
    }
  };
  const take = (what: Shared, count: number, blocked: Set<Shared>): boolean => {
    const left = tokens.get(what) ?? 0;
    if (blocked.has(what) || left < count) {
      blocked.add(what);
      wait(what, TICK);
      return false;
    }
    tokens.set(what, left - count);
    return true;
  };

  while (begun < accounts || open.length > 0) {
    while (begun < accounts && open.length < slots) {
      const isDue = Math.floor((begun + 1) * run.due) > Math.floor(begun * run.due);
      open.push({ steps: stepsOf(run, begun, isDue), next: 0, ready: now, startedAt: now });
      begun += 1;
    }
    const blocked = new Set<Shared>();
    for (const job of open) advance(job, blocked);
    const ended = open.filter((job) => isDone(job) && job.ready <= now);
    for (const { startedAt } of ended) functionSeconds += now - startedAt;
    working -= ended.length;
    open = open.filter((job) => !isDone(job) || job.ready > now);
    // Who waits for a place waits for what those wait for who have one.
    const [inTheWay = limitOf(run, slots, lambdaConcurrency)] = blocked;
    wait(inTheWay, (accounts - begun) * TICK);
    for (const [name, { burst, perSecond }] of Object.entries(rates)) {
      const what = name as Shared;
      tokens.set(what, Math.min(burst, (tokens.get(what) ?? 0) + perSecond * TICK));
    }
    now += TICK;
  }
  const [longest] = [...waited]
    .filter(([, seconds]) => seconds > 0)
    .sort(([, one], [, other]) => other - one);
  return {
    seconds: now + accounts / REPORTS_A_SECOND,
    atOnce: slots,
    bottleneck: longest?.[0] ?? 'none',
    functionSeconds,
  };
}

const limitOf = ({ atATime }: MapRun, slots: number, lambda: number): Bottleneck =>
  slots === lambda ? 'Lambda concurrency' : slots === atATime ? 'accounts at a time' : 'open children';

function stepsOf(run: MapRun, account: number, isDue: boolean): readonly Step[] {
  const takes = (all: readonly (readonly [Shared, number])[]): readonly Step[] =>
    all.map(([what, tokens]) => ({ kind: 'take', what, tokens }));
  return [
    { kind: 'take', what: 'child starts', tokens: 1 },
    { kind: 'environment' },
    ...takes(BEFORE),
    { kind: 'work', seconds: run.seconds(account) },
    ...(isDue ? takes(after(run)) : []),
  ];
}

/** Transitions of a child: it starts, and calls its function. */
const TRANSITIONS = 2;
/** The report of a child, and what the map itself writes of it. */
const PUTS = 2;
const RUNS_A_MONTH = 52 / 12;
const GIGABYTES = 0.5;

/** Dollars a month for weekly runs, without the secrets: those are paid for whoever writes them. */
export function monthly(run: MapRun, { functionSeconds }: Simulated): number {
  const ofDue = run.due * (9 * PRICES.write + PRICES.email);
  const ofEach = TRANSITIONS * PRICES.transition + PRICES.invocation + PUTS * PRICES.put;
  const ofRun = functionSeconds * GIGABYTES * PRICES.gigabyteSecond + run.accounts * (ofEach + ofDue);
  return RUNS_A_MONTH * ofRun;
}
