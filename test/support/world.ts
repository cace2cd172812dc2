import { compose } from '../../src/compose/run.ts';
import { readRequest, type Request } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { AccountReport, RunReport } from '../../src/domain/report/run-report.ts';
import type { Mode } from '../../src/domain/rotation/limits.ts';
import { DAY } from '../../src/domain/time.ts';
import type { Clock } from '../../src/run/ports/clock.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { Emulator, OrganizationSeed, SeededOrganization, SeedUser } from './emulator/emulator.ts';

export { emulatorForThisFile } from './emulator-hooks.ts';

/** When every scenario begins: a Monday morning. */
export const START = Date.UTC(2026, 0, 5, 6);
export const REGION = 'eu-central-1';

/** An emulated organization, and the service running on it at the emulator's time. */
export interface World {
  readonly emulator: Emulator;
  readonly organization: SeededOrganization;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string>>;
  /** How the service reaches the emulator instead of AWS. */
  readonly aws: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: () => Promise<SeededOrganization['credentials']>;
    readonly clock: Clock;
  };
  run(options?: RunOptions): Promise<RunReport>;
  /** Moves the clock of the emulator and of the service. */
  pass(days: number): Promise<void>;
}

export interface RunOptions extends Partial<Omit<Request, 'mode'>> {
  readonly mode?: Mode;
  readonly environment?: Readonly<Record<string, string>>;
  readonly publish?: boolean;
  /** Milliseconds from now. */
  readonly timeLeft?: number;
}

/** Whoever reads the topic of a world that says nothing else: without readers no notice counts. */
const READER = 'security@example.com';

/** Seeds an organization. Forgets whatever the emulator held. @param start what time it is then */
export async function createWorld(emulator: Emulator, seed: OrganizationSeed, start = START): Promise<World> {
  await emulator.reset();
  await emulator.setClock(start);
  const organization = await emulator.seed({ topicReaders: [READER], ...seed });
  let ahead = (await emulator.now()) - Date.now();

  const clock: Clock = {
    now: () => Date.now() + ahead,
    sleep: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
  };
  const environment = {
    ROTATION_TABLE_NAME: organization.tableName,
    ROTATION_TOPIC_ARN: organization.topicArn,
    // Tests of the credential report have it their own way.
    ROTATION_INVENTORY: 'list',
  };
  const aws = {
    region: REGION,
    endpoint: emulator.endpoint,
    credentials: () => Promise.resolve(organization.credentials),
    clock,
  };
  return {
    emulator,
    organization,
    clock,
    environment,
    aws,
    run: ({ mode = 'enforce', publish = true, environment: extra = {}, timeLeft, ...request } = {}) =>
      rotateOrganization(
        compose(
          readSettings({ ROTATION_MODE: mode, ...environment, ...extra }, mode),
          readRequest({ mode, ...request }),
          {
            ...aws,
            publish,
            ...(timeLeft === undefined ? {} : { deadline: clock.now() + timeLeft }),
          },
        ),
      ),
    pass: async (days) => {
      await emulator.advance(days * DAY);
      ahead += days * DAY;
    },
  };
}

/** A user with one key. Ages in days before {@link START}. */
export const userWithKey = (
  userName: string,
  { age, usedAgo, id }: { readonly age: number; readonly usedAgo?: number; readonly id?: string },
): SeedUser => ({
  userName,
  keys: [
    {
      createdAt: START - age * DAY,
      ...(usedAgo === undefined ? {} : { lastUsedAt: START - usedAgo * DAY }),
      ...(id === undefined ? {} : { id }),
    },
  ],
});

/** What a run says about one account. */
export function accountIn(report: RunReport, name: string): AccountReport {
  const found = report.accounts.find(({ account }) => account.name === name);
  if (found === undefined) throw new Error(`no account ${name} in the report`);
  return found;
}

/** `user action reason status` of every outcome in an account, in order. */
export function outcomesIn(report: RunReport, name: string): readonly string[] {
  const account = accountIn(report, name);
  if (account.status !== 'rotated') return [account.status];
  return account.outcomes.map(
    ({ status, decision }) => `${decision.userName} ${decision.action} ${decision.reason} ${status}`,
  );
}
