import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { s3Bucket } from '../../src/aws/storage/bucket.ts';
import { systemClock } from '../../src/compose/environment.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/handler.ts';
import { keepReportPage } from '../../src/page.ts';
import { setAwsEnvironment } from '../aws/support.ts';
import { awsEnvironment, run } from '../cli/terminal.ts';
import { TROUBLES } from '../faults/faults.ts';
import { centralWith, SECRETS_IN_THE_TOPIC, set, topicOf } from '../privileges/organization.ts';
import type { Fault, SeededOrganization } from '../support/emulator/emulator.ts';
import { leaksIn } from '../support/leaks.ts';
import { BUCKET, makeBucket } from '../support/map/run-map.ts';
import { everyRow } from '../support/promises.ts';
import { emulatorForThisFile, REGION, type World } from '../support/world.ts';

/** Looks like a secret and is none: it goes wherever something may go. */
const CANARY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** For the calls that carry a secret, or roll back one that did; none of them takes long. */
const SPOILT = [
  'iam:CreateAccessKey',
  'secretsmanager:PutSecretValue',
  'sns:Publish',
  'dynamodb:TransactWriteItems',
];
const HOW = TROUBLES.filter(
  ({ how, paged }) =>
    paged === undefined && how.kind !== 'delay' && (how.code !== 'ThrottlingException' || how.times === 1),
);
const CELLS = SPOILT.flatMap((action) => HOW.map(({ title, how }) => ({ action, title, how })));
/** And two more: one where a replacement can't be rolled back, and one that keeps its secrets centrally. */
const ACCOUNTS = Array.from({ length: CELLS.length + 2 }, (_, index) => String(111111111101 + index));
const [STUCK = '', CENTRAL = ''] = ACCOUNTS.slice(-2);
const KMS_KEY = `arn:aws:kms:${REGION}:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

/** Each account has a fault of its own, and the error messages repeat the request. */
const FAULTS: readonly Fault[] = [
  ...CELLS.map(({ action, how }, index): Fault => {
    const id = ACCOUNTS[index] ?? '';
    const where = {
      'sns:Publish': { match: { Message: `*${id}*` } },
      'dynamodb:TransactWriteItems': { match: { pk: `*account#${id}*` } },
    }[action] ?? { accountId: id };
    return { action, ...where, ...how, echoRequest: true };
  }),
  ...['secretsmanager:PutSecretValue', 'iam:DeleteAccessKey'].map((action): Fault => ({
    action,
    accountId: STUCK,
    kind: 'error',
    code: 'AccessDeniedException',
    echoRequest: true,
  })),
];
const EVERYTHING_DENIED: Fault = {
  action: '*',
  kind: 'error',
  code: 'AccessDeniedException',
  httpStatus: 403,
  echoRequest: true,
};

describe('No secret gets out', function () {
  const emulator = emulatorForThisFile();
  const said: [string, string][] = [];
  let organization: SeededOrganization;
  let secrets: readonly string[];
  let restore = () => {};

  const reportsUrl = () => `${emulator().endpoint}/${BUCKET}`;
  const folder = mkdtempSync(join(tmpdir(), 'no-secret-'));

  afterEach(() => {
    sinon.restore();
    restore();
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** A Lambda function runs at the real time, and so does the emulator here. */
  const begin = async (): Promise<Pick<World, 'emulator' | 'organization' | 'aws' | 'environment'>> => {
    await emulator().reset();
    const now = Date.now();
    const due = { createdAt: now - 65 * DAY, lastUsedAt: now - DAY };
    const off = { createdAt: now - 70 * DAY, status: 'Inactive', id: 'AKIAOFF0000000000000' } as const;
    organization = await emulator().seed({
      accounts: ACCOUNTS.map((id) => ({
        id,
        name: `account-${id}`,
        users: [
          { userName: 'ann', keys: [due] },
          { userName: 'bob', keys: [due] },
          ...(id === CENTRAL ? [{ userName: 'cem', keys: [off] }] : []),
        ],
      })),
    });
    await makeBucket(emulator());
    return {
      emulator: emulator(),
      organization,
      aws: {
        region: REGION,
        endpoint: emulator().endpoint,
        credentials: () => Promise.resolve(organization.credentials),
        clock: systemClock,
      },
      environment: {
        ROTATION_TABLE_NAME: organization.tableName,
        ROTATION_TOPIC_ARN: organization.topicArn,
        REPORTS_URL: reportsUrl(),
      },
    };
  };

  const asFunction = () => {
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), organization.credentials),
      REPORTS_URL: reportsUrl(),
      ROTATION_MODE: 'enforce',
      ROTATION_TABLE_NAME: organization.tableName,
      ROTATION_TOPIC_ARN: organization.topicArn,
      POWERTOOLS_DEV: 'true',
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      POWERTOOLS_METRICS_DISABLED: 'false',
    });
  };

  const invoke = async (title: string): Promise<void> => {
    asFunction();
    const lines: unknown[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      sinon.stub(console, method).callsFake((...what) => lines.push(...what));
    }
    const context = { getRemainingTimeInMillis: () => 15 * MINUTE } as Context;
    const answer: unknown = await rotateOrganization({ mode: 'enforce' }, context).catch((e: unknown) => e);
    sinon.restore();
    restore();
    said.push([`the answer of ${title}`, answer instanceof Error ? inWhole(answer) : JSON.stringify(answer)]);
    said.push([
      `the log of ${title}`,
      lines.map((line) => (typeof line === 'string' ? line : inWhole(line))).join('\n'),
    ]);
  };

  const command = async (
    world: Awaited<ReturnType<typeof begin>>,
    ...args: readonly string[]
  ): Promise<void> => {
    const { stdout, stderr } = await run(args, world, { environment: { ROTATION_MODE: 'enforce' } });
    said.push([`stdout of ${args.join(' ')}`, stdout], [`stderr of ${args.join(' ')}`, stderr]);
  };
  const replace = (id: string) =>
    [
      'replace',
      '--account',
      id,
      '--user',
      'bob',
      '--reason',
      'a test of faults',
      '--leave-active',
      '--yes',
    ] as const;
  const everyCommand = (id: string): readonly (readonly string[])[] => [
    ['plan'],
    ['plan', '--json'],
    ['apply', '--yes', '--account', id],
    ['apply', '--yes', '--account', id, '--json'],
    ['status', '--account', id],
    ['status', '--account', id, '--json'],
    ['history', '--account', id],
    ['history', '--account', id, '--json'],
    ['history', '--organization'],
    replace(id),
    ['restore', '--account', id, '--key', 'AKIAOFF0000000000000', '--reason', 'a test', '--yes'],
    ['accept', '--account', id, '--limit', 'deactivations', '--reason', 'a test', '--yes'],
    ['subscribe', '--email', 'team@example.com', '--account', id, '--yes'],
    ['doctor', '--account', id],
    ['doctor', '--account', id, '--json'],
    ['settings', 'list'],
    ['settings', 'show', '--account', id, '--user', 'ann'],
    ['settings', 'export'],
    ['settings', 'set', 'rotateAfter', '50', '--account', id, '--yes'],
    ['settings', 'unset', 'rotateAfter', '--account', id, '--yes'],
    ['plan', '--with', 'rotateAfter=50'],
    ['usage', '--account', id, '--user', 'ann'],
    ['unsubscribe', '--email', 'team@example.com', '--account', id, '--yes'],
    ...[[], ['--json'], ['--csv'], ['--markdown'], ['--live']].map((more) => ['overview', ...more]),
    ['report', '--html', join(folder, 'page.html')],
    ['report', '--ocsf', join(folder, 'findings.ndjson')],
    ['report', '--evidence', join(folder, 'evidence')],
  ];

  /** With the pages that are made of them. */
  const keptInTheBucket = async (): Promise<string> => {
    const credentials = () => Promise.resolve(organization.credentials);
    const bucket = s3Bucket({ region: REGION, credentials }, reportsUrl(), systemClock.sleep);
    asFunction();
    sinon.stub(console, 'info');
    for (const key of await bucket.list('reports/runs/'))
      await keepReportPage({ detail: { object: { key } } });
    sinon.restore();
    restore();
    const texts: string[] = [];
    for (const name of await bucket.list('reports/')) {
      const bytes = Buffer.from((await bucket.get(name)) ?? []);
      texts.push(name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    }
    return texts.join('\n');
  };

  const writtenFiles = (): readonly [string, string][] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => [`the file ${name}`, readFileSync(join(parentPath, name), 'utf8')]);

  before(async () => {
    const world = await begin();
    const everywhere = world as World;
    const { topicArn } = await topicOf(everywhere, 'mail');
    await set(everywhere, 'organization', { owner: CANARY, perOwner: true, chat: true });
    await set(everywhere, `account#${CENTRAL}`, centralWith(KMS_KEY));
    for (const [index, { action }] of CELLS.entries()) {
      const row = { ...SECRETS_IN_THE_TOPIC, topicArn };
      if (action === 'sns:Publish') await set(everywhere, `account#${ACCOUNTS[index] ?? ''}`, row);
    }

    await emulator().inject(...FAULTS);
    await invoke('a run with a fault in each account');
    for (const [index, { title, how }] of CELLS.entries()) {
      if (title === 'denied' || how.kind === 'malformed')
        await command(world, ...replace(ACCOUNTS[index] ?? ''));
    }
    await command(world, 'apply', '--yes', '--account', STUCK, '--json');
    await emulator().clearFaults();
    await emulator().inject(EVERYTHING_DENIED);
    await invoke('a run that is denied everything');
    for (const args of everyCommand(CENTRAL)) await command(world, ...args);
    await emulator().clearFaults();
    await invoke('the run after it');
    for (const args of everyCommand(CENTRAL)) await command(world, ...args);

    const messages = await emulator().notifications();
    const plain = messages.filter(
      ({ topicArn: to, attributes }) => to === topicArn && !('severity' in attributes),
    );
    said.push(
      ['messages', JSON.stringify(messages.filter((one) => !plain.includes(one)))],
      ['secrets, as was asked for', JSON.stringify(plain)],
      ['events', JSON.stringify(await emulator().events())],
      ['what is kept in the bucket', await keptInTheBucket()],
      ...writtenFiles(),
      ['the table', JSON.stringify(await everyRow({ emulator: emulator(), organization }))],
      [
        'what was asked of AWS',
        JSON.stringify((await emulator().calls()).filter(({ action }) => action !== 'sns:Publish')),
      ],
    );
    const { secretAccessKey, sessionToken = '' } = organization.credentials;
    secrets = [...(await emulator().secretsHandedOut()), secretAccessKey, sessionToken];
  });

  it('in what the service prints, publishes, records, logs and answers, whatever goes wrong', () => {
    expect(secrets.length).to.be.above(2 * ACCOUNTS.length);
    expect(leaksIn(said, secrets)).to.deep.equal(['secrets, as was asked for']);
  });

  it('but to the topic that the settings name for it', async () => {
    const [plain] = said.filter(([where]) => where === 'secrets, as was asked for');
    const published = JSON.parse(plain?.[1] ?? '') as readonly { readonly topicArn: string }[];
    expect(published).to.have.length.above(SPOILT.length);
    expect(new Set(published.map(({ topicArn }) => topicArn)).size).to.equal(1);
  });

  it('and would be found if it did: a canary is found in every kind of output', () => {
    const found = new Set(leaksIn(said, [CANARY]).map((where) => where.replace(/ --?.*$/, '')));
    expect([...found]).to.include.members([
      'the answer of a run with a fault in each account',
      'the log of a run with a fault in each account',
      'stdout of plan',
      'stdout of apply',
      'stdout of status',
      'stdout of settings export',
      'messages',
      'events',
      'the table',
      'what is kept in the bucket',
      'stdout of overview',
      'the file page.html',
      'the file evidence.json',
      'the file evidence.html',
      'the file exceptions.csv',
    ]);
    expect(said.map(([where]) => where)).to.include('the file findings.ndjson');
  });

  it('and every fault was injected, and reported', () => {
    const all = said.map(([, text]) => text).join('\n');
    for (const action of SPOILT) expect(all).to.include(`${action}: `);
    expect(all).to.include('injected by a test: ');
    expect(all).to.include('[secret]');
    expect(all).to.include('could not be deleted again');
  });
});

/** Errors with their own properties and their causes. */
const inWhole = (what: unknown): string =>
  inspect(what, { depth: 20, showHidden: true, maxStringLength: null });
