import type { Account } from '../src/domain/account.ts';
import type { Outcome } from '../src/domain/report/outcome.ts';
import type { RotatedAccount } from '../src/domain/report/run-report.ts';
import { definedOnly } from '../src/domain/defined-only.ts';
import { decide } from '../src/domain/rotation/decide.ts';
import type { Decision } from '../src/domain/rotation/decision.ts';
import type { AccessKey } from '../src/domain/rotation/key.ts';
import { allows, type HeldBy, type Mode } from '../src/domain/rotation/limits.ts';
import { replaceOnDemand } from '../src/domain/rotation/on-demand.ts';
import { days } from '../src/domain/time.ts';
import type { RecentUse } from '../src/domain/usage/recent-use.ts';
import { ownerMessagesOf } from '../src/report/digest/owner-messages.ts';
import { digestOf } from '../src/report/digest/digest.ts';
import { summaryOf } from '../src/report/summary/summary.ts';
import {
  accountSettings,
  key,
  policy,
  rotatedAccount,
  runReport,
  T0,
  type KeyFacts,
} from '../test/support/builders.ts';

/* A mail of every kind, about users that nobody has, decided by the same rules as those of real ones. */

/** A mail as a reader gets it. */
export interface ExampleMail {
  /** The file's name in docs/examples, without its ending. */
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  /** What a chat room gets, as JSON. */
  readonly chat?: string;
}

/** Shown as a chat room gets it, too. */
const IN_CHAT = ['several-things'];

/** The message for chat rooms as a file of docs/examples, where there is to be one. */
export const chatExamples = () =>
  exampleMails()
    .filter(({ name }) => IN_CHAT.includes(name))
    .map(({ name, chat = 'null' }) => ({
      path: `docs/examples/${name}.chat.json`,
      content: `${JSON.stringify(JSON.parse(chat), null, 2)}\n`,
    }));

/** The mail as a file of docs/examples. */
export const exampleFile = ({ name, subject, text }: ExampleMail) => ({
  path: `docs/examples/${name}.txt`,
  content: `Subject: ${subject}\n\n${text}`,
});

const PAYMENTS: Account = { id: '111122223333', name: 'Payments', state: 'ACTIVE', ouPath: [] };
const RUN = { runId: '20260301T060000Z-a1b2c3', now: T0, region: 'eu-central-1' };

const OLD = 'AKIAIOSFODNN7EXAMPLE';
const NEW = 'AKIAI44QH8DHBEXAMPLE';
const S3 = { service: 's3', region: 'eu-central-1' };
const SES = { service: 'ses', region: 'eu-west-1' };

interface Situation {
  readonly userName?: string;
  readonly owner?: string;
  readonly keys: readonly KeyFacts[];
  readonly mode?: Mode;
  readonly sesRegion?: string;
  /** Nothing is done, for this cause. */
  readonly heldBy?: { readonly by: HeldBy; readonly why: string };
  readonly exemptUntil?: number;
}

const userOf = (
  { userName = 'svc-ledger', owner = 'team-payments' }: Situation,
  keys: readonly AccessKey[],
) => ({
  userName,
  userArn: `arn:aws:iam::${PAYMENTS.id}:user/${userName}`,
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  owner,
  keys,
});

/** What a run does about the keys of a user. */
function run(situation: Situation): readonly Outcome[] {
  const { keys, exemptUntil } = situation;
  const exemption =
    exemptUntil === undefined
      ? {}
      : { exemption: { owner: 'team-plant', reason: 'burnt into a device', until: T0 + days(exemptUntil) } };
  return decide(userOf(situation, keys.map(key)), policy(exemption), T0).map((decision) =>
    carriedOut(decision, situation),
  );
}

function carriedOut(decision: Decision, { mode = 'enforce', heldBy, sesRegion }: Situation): Outcome {
  const { action, userName } = decision;
  if (action !== 'replace' && action !== 'deactivate' && action !== 'delete') {
    return { status: 'none', decision };
  }
  if (heldBy !== undefined) return { status: 'held', decision, ...heldBy };
  if (!allows(mode, action)) {
    return { status: 'held', decision, by: 'mode', why: `mode ${mode} does not ${action}` };
  }
  return action === 'replace'
    ? {
        status: 'applied',
        decision,
        replacement: {
          accessKeyId: NEW,
          secretName: `access-key-rotation/${userName}`,
          ...(sesRegion === undefined ? {} : { sesRegion }),
        },
      }
    : { status: 'applied', decision };
}

/** The old key and the one that we made for it. */
const replacedKeys = (
  age: number,
  old: KeyFacts,
  made: KeyFacts,
  deliveredAgo: number,
): readonly KeyFacts[] => [
  { id: OLD, age: days(age), usedBy: S3, ...old },
  {
    id: NEW,
    age: days(deliveredAgo),
    deliveredAgo: days(deliveredAgo),
    replacementOf: OLD,
    secretName: 'access-key-rotation/svc-ledger',
    usedBy: S3,
    ...made,
  },
];

function emergency(): readonly Outcome[] {
  const user = userOf({ keys: [] }, [key({ id: OLD, age: days(20), usedBy: S3 })]);
  const asked = { reason: 'it was in a public repository', leaveActive: false };
  const plan = replaceOnDemand(user, asked, policy(), T0);
  if ('problem' in plan) throw new Error(plan.problem);
  return plan.decisions.map((decision) => carriedOut(decision, { keys: [] }));
}

const mail = (
  name: string,
  outcomes: readonly Outcome[],
  more: Partial<RotatedAccount> = {},
  mode: Mode = 'enforce',
): ExampleMail => {
  const settings = accountSettings({ mode }, PAYMENTS);
  const report = rotatedAccount({ account: PAYMENTS, settings, outcomes, ...more });
  const found = digestOf(report, { ...RUN, mode, evenIfNothing: true });
  const { subject = '', text = '' } = found ?? {};
  return { name, subject, text, ...definedOnly({ chat: found?.chat }) };
};

/** What one of the owners gets, where the settings say perOwner. */
const ownersMail = (name: string, owner: string, outcomes: readonly Outcome[]): ExampleMail => {
  const settings = accountSettings({ mode: 'enforce', perOwner: true }, PAYMENTS);
  const report = rotatedAccount({ account: PAYMENTS, settings, outcomes });
  const messages = ownerMessagesOf(report, { ...RUN, mode: 'enforce', evenIfNothing: false });
  const found = messages.find((message) => message.owner === owner);
  const { subject = '', text = '' } = found ?? {};
  return { name, subject, text, ...definedOnly({ chat: found?.chat }) };
};

/** What was looked up of the old key, where the settings say lookUpUsage. */
const RECENT_USE: RecentUse = {
  accessKeyId: OLD,
  region: 'eu-central-1',
  workloads: [
    {
      program: 'aws-cli',
      sourceAddress: '203.0.113.7',
      services: ['s3', 'sts'],
      calls: 61,
      lastAt: T0 - days(1),
    },
    { program: 'Boto3', sourceAddress: '198.51.100.21', services: ['s3'], calls: 4, lastAt: T0 - days(26) },
  ],
  more: 0,
  calls: 65,
  isComplete: true,
};

const MANY = '9 keys of this account would be deactivated in one run, and the limit is 5; none was';

/** In the order in which an owner may meet them. */
export function exampleMails(): readonly ExampleMail[] {
  const justReplaced = run({ keys: [{ id: OLD, age: days(61), usedBy: S3, lastUsed: days(2) }] });
  const unused = run({
    userName: 'old-report',
    keys: [{ id: OLD, age: days(200), lastUsed: days(95), usedBy: S3 }],
  });
  const failing: Outcome[] = run({ userName: 'svc-export', keys: [{ id: OLD, age: days(70) }] }).map(
    ({ decision }) => ({
      status: 'failed',
      decision,
      failure: {
        kind: 'denied',
        during: 'secretsmanager:CreateSecret',
        message: 'denied by a service control policy',
        nextStep: 'Allow secretsmanager:CreateSecret to the member role in the policies of the organization',
      },
    }),
  );
  const stillInUse = run({
    keys: replacedKeys(
      83,
      {
        lastUsed: days(1),
        notices: { replaced: { givenAgo: days(21), dateIn: days(-1), inAnyCaseIn: days(9) } },
      },
      { lastUsed: 'never' },
      21,
    ),
  });
  return [
    mail('just-replaced', justReplaced),
    mail(
      'just-replaced-sends-mail',
      run({
        userName: 'svc-mailer',
        keys: [{ id: OLD, age: days(62), usedBy: SES }],
        sesRegion: SES.region,
      }),
    ),
    mail(
      'new-key-not-used-yet',
      run({ keys: replacedKeys(68, { lastUsed: days(9) }, { lastUsed: 'never' }, 7) }),
    ),
    mail('still-in-use', stillInUse),
    mail('still-in-use-by-whom', stillInUse, { recentUse: [RECENT_USE] }),
    mail(
      'moved',
      run({
        keys: replacedKeys(
          75,
          {
            lastUsed: days(12),
            notices: { replaced: { givenAgo: days(14), dateIn: days(5), inAnyCaseIn: days(16) } },
          },
          { lastUsed: days(1) },
          14,
        ),
      }),
    ),
    mail('unused', unused),
    mail(
      'two-keys',
      run({
        keys: [
          { id: OLD, age: days(100), lastUsed: days(4), usedBy: S3 },
          { id: NEW, age: days(85), lastUsed: days(1), usedBy: SES },
        ],
      }),
    ),
    mail(
      'new-key-lost',
      run({
        keys: replacedKeys(70, { lastUsed: days(1) }, { lastUsed: 'never', delivery: 'deleting' }, 9),
      }),
    ),
    mail(
      'deactivated-at-its-last-date',
      run({
        keys: replacedKeys(
          92,
          {
            lastUsed: days(1),
            notices: {
              deadline: { givenAgo: days(10), repeatedAgo: days(1), dateIn: 0 },
              replaced: { givenAgo: days(31), dateIn: days(-12), inAnyCaseIn: 0 },
            },
          },
          { lastUsed: 'never' },
          31,
        ),
      }),
    ),
    mail(
      'deleted-soon',
      run({
        keys: [
          {
            id: OLD,
            status: 'inactive',
            age: days(92),
            lastUsed: days(12),
            usedBy: S3,
            inactiveFor: days(4),
            deactivatedAs: 'deadline',
            notices: { delete: { givenAgo: days(4), dateIn: days(6) } },
          },
        ],
      }),
    ),
    mail('emergency', emergency()),
    mail('several-things', [
      ...run({ userName: 'svc-mailer', keys: [{ id: 'AKIAI55QH8DHBEXAMPLE', age: days(62), usedBy: SES }] }),
      ...unused,
      ...failing,
    ]),
    ownersMail('of-one-owner', 'team-payments', [
      ...run({ userName: 'svc-billing', owner: 'team-billing', keys: [{ id: NEW, age: days(63) }] }),
      ...unused,
      ...failing,
    ]),
    mail(
      'plan-only',
      [
        ...run({ mode: 'audit', keys: [{ id: OLD, age: days(61), usedBy: S3 }] }),
        ...run({
          mode: 'audit',
          userName: 'svc-export',
          keys: [
            { id: 'AKIAI66QH8DHBEXAMPLE', age: days(100), lastUsed: days(4), usedBy: S3 },
            { id: 'AKIAI77QH8DHBEXAMPLE', age: days(85), lastUsed: days(1), usedBy: SES },
          ],
        }),
        ...run({
          mode: 'audit',
          userName: 'old-report',
          keys: [{ id: 'AKIAI88QH8DHBEXAMPLE', age: days(200), lastUsed: days(95) }],
        }),
      ],
      {},
      'audit',
    ),
    mail('failures', failing, {
      findings: [
        {
          severity: 'critical',
          message: 'The root user has access keys',
          nextStep: 'Delete them, signed in as the root user',
        },
      ],
    }),
    mail(
      'held-back',
      run({
        userName: 'old-report',
        heldBy: { by: 'limit', why: MANY },
        keys: [
          {
            id: OLD,
            age: days(200),
            lastUsed: days(101),
            notices: { unused: { givenAgo: days(11), repeatedAgo: days(1), dateIn: days(-1) } },
          },
        ],
      }),
    ),
    mail('nothing-to-do', [
      ...run({ keys: [{ id: OLD, age: days(20), usedBy: S3 }] }),
      ...run({ userName: 'plant-7', keys: [{ id: NEW, age: days(400) }], exemptUntil: 120 }),
    ]),
    summary(justReplaced, failing),
  ];
}

function summary(justReplaced: readonly Outcome[], failing: readonly Outcome[]): ExampleMail {
  const settings = accountSettings({ mode: 'enforce' }, PAYMENTS);
  const { subject, text, chat } = summaryOf(
    runReport({
      runId: RUN.runId,
      finishedAt: T0 + 60_000,
      accounts: [rotatedAccount({ account: PAYMENTS, settings, outcomes: [...justReplaced, ...failing] })],
    }),
    {},
  );
  return { name: 'summary', subject, text, ...definedOnly({ chat }) };
}
