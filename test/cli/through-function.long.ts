import { expect } from 'chai';
import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DAY } from '../../src/domain/time.ts';
import { toWire } from '../../src/report/data/wire-answer.ts';
import { adminOf, FIRST_MEMBER, MANAGEMENT, once } from '../aws/support.ts';
import type { Instead } from '../support/deployed-function.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../support/world.ts';
import { createFunctionWorld, OPERATORS, type FunctionWorld } from './function-world.ts';
import { reportIn } from './json-shape.ts';
import { run, type Ended } from './terminal.ts';

const LEAKED = 'AKIALEAKED0000000001';
const OFF = 'AKIAOFF0000000000001';
const OPERATOR = new RegExp(`^arn:aws:sts::${MANAGEMENT}:assumed-role/${OPERATORS}/`);
const ENFORCE = { ROTATION_MODE: 'enforce', ROTATION_MAX_DEACTIVATIONS: '1' };
const WHY = ['--reason', 'as agreed with Ann'];

/** Two keys that nobody has used for a year, one more than a run may switch off; one that is off; one that leaked. */
const SEED = {
  accounts: [
    {
      name: 'app',
      users: [
        userWithKey('ann', { age: 20, usedAgo: 1, id: LEAKED }),
        userWithKey('due', { age: 65, usedAgo: 1, id: 'AKIADUE0000000000001' }),
        ...[1, 2].map((nth) =>
          userWithKey(`idle-${nth}`, { age: 400, usedAgo: 380, id: `AKIAIDLE00000000000${nth}` }),
        ),
        { userName: 'off', keys: [{ id: OFF, createdAt: START - 95 * DAY, status: 'Inactive' as const }] },
      ],
    },
  ],
};

const COMMANDS = {
  apply: ['apply', '--account', FIRST_MEMBER, '--user', 'due'],
  'apply to all': ['apply'],
  replace: ['replace', '--account', FIRST_MEMBER, '--user', 'ann', ...WHY],
  'replace, planned': ['replace', '--account', FIRST_MEMBER, '--user', 'ann', '--leave-active', ...WHY],
  restore: ['restore', '--account', FIRST_MEMBER, '--key', OFF, ...WHY],
  accept: ['accept', '--account', FIRST_MEMBER, '--limit', 'deactivations', ...WHY],
} as const;

/** What differs from one run to the next, by one name each. */
const withoutNames = (text: string): string =>
  text
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{6}/g, 'RUN')
    .replaceAll(/AKIA(?!LEAKED|OFF|DUE|IDLE)[A-Z0-9]{16}/g, 'NEWKEY')
    .replaceAll(/(\d{4}-\d{2}-\d{2})T[\d:.]+Z/g, '$1')
    .replaceAll(/(:secret:[\w/-]+)-\w{6}/g, '$1-SUFFIX');

/** All but where the settings come from. */
const said = ({ code, stdout, stderr }: Ended) => ({
  code,
  stdout: withoutNames(stdout),
  stderr: withoutNames(stderr.replace(/^Settings: .*\n/, '')),
});

describe('a command that the deployed function carries out', () => {
  const emulator = emulatorForThisFile();
  let world: FunctionWorld | undefined;
  afterEach(() => {
    world?.function.close();
  });

  /** With notices that were given, so that what is unused is due now. */
  async function begin(variables: Readonly<Record<string, string>> = ENFORCE): Promise<FunctionWorld> {
    const made = await createFunctionWorld(emulator(), SEED, variables);
    world = made;
    await announce(made);
    return made;
  }
  async function announce(made: Pick<FunctionWorld, 'run' | 'pass'>) {
    await made.run({ userNames: ['idle-1', 'idle-2'], environment: {} });
    await made.pass(11);
    await emulator().forgetNotifications();
    await emulator().forgetCalls();
  }
  const type = (made: FunctionWorld, args: readonly string[], more: Parameters<typeof run>[2] = {}) =>
    run(args, made, more.environment === undefined ? { ...more, environment: made.environment } : more);
  const statesOf = async (userName: string) =>
    (await emulator().snapshot(FIRST_MEMBER))
      .flatMap(({ users }) => users)
      .filter((user) => user.userName === userName)
      .flatMap(({ keys }) => keys.map(({ status }) => status));
  const historyOf = async (made: FunctionWorld) => {
    const { stdout } = await type(made, ['history', '--account', FIRST_MEMBER, '--json']);
    return (JSON.parse(stdout) as { entries: readonly Record<string, string>[] }).entries;
  };
  const switchOff = async (userName: string, AccessKeyId: string) => {
    const iam = new IAMClient(once(await adminOf(emulator(), FIRST_MEMBER)));
    await iam.send(new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId, Status: 'Inactive' }));
    iam.destroy();
  };

  for (const [name, args] of Object.entries(COMMANDS)) {
    for (const more of name === 'apply' || name === 'replace'
      ? ([[], ['--json']] as const)
      : ([[]] as const)) {
      it(`says of ${name} what it says where there is none${more.map((one) => `, ${one}`).join('')}`, async () => {
        const local = await createWorld(emulator(), SEED);
        await announce(local);
        const here = await run([...args, ...more, '--yes'], local, { environment: ENFORCE });
        const made = await begin();
        const there = await type(made, [...args, ...more, '--yes']);
        expect(said(there)).to.deep.equal(said(here));
        expect(there.code, there.stderr).to.equal(0);
        expect(made.function.events).to.have.length(1);
      });
    }
  }

  it('changes nothing itself', async () => {
    const made = await begin();
    const operator = (await made.aws.credentials()).accessKeyId;
    for (const args of Object.values(COMMANDS)) await type(made, [...args, '--yes']);
    const own = (await emulator().calls()).filter(({ accessKeyId }) => accessKeyId === operator);
    const reading = /^(dynamodb:(GetItem|Query)|organizations:List|sns:(Get|List)|sts:|lambda:\?$)/;
    const others = own.map(({ action }) => action).filter((action) => !reading.test(action));
    expect(new Set(others)).to.deep.equal(new Set(['lambda:InvokeFunction']));
    // And in the accounts it enters to look only.
    const entered = own.filter(({ action }) => action === 'sts:AssumeRole');
    expect(entered.filter(({ params }) => params['Policy'] === undefined)).to.deep.equal([]);
  });

  it('is in the history with who asked for it and why', async () => {
    const made = await begin();
    await type(made, [...COMMANDS.replace, '--yes']);
    await type(made, [...COMMANDS.accept, '--yes']);
    const entries = await historyOf(made);
    expect(entries.map(({ what }) => what)).to.have.members(['replaced', 'deactivated', 'limit-accepted']);
    for (const { by, message } of entries) {
      expect(by).to.match(OPERATOR);
      expect(message).to.include('as agreed with Ann');
    }
  });

  it('sends and gets no secret, and logs none', async () => {
    const made = await begin();
    for (const args of Object.values(COMMANDS)) await type(made, [...args, '--yes']);
    const handedOut = await emulator().secretsHandedOut();
    expect(handedOut).to.have.length.above(1);
    const { gunzipSync } = await import('node:zlib');
    const contents = made.function.exchanged.map((text) => {
      const { content } = JSON.parse(text) as { content?: string };
      return content === undefined ? text : gunzipSync(Buffer.from(content, 'base64')).toString();
    });
    expect(contents.join()).to.include('access-key-rotation/ann');
    for (const secret of handedOut) expect([...contents, ...made.log].join()).not.to.include(secret);
  });

  it('is not begun before somebody has agreed', async () => {
    const made = await begin();
    for (const args of Object.values(COMMANDS)) {
      const { code, stderr } = await type(made, args, { answer: 'n' });
      expect([code, /Nothing was changed/.test(stderr)]).to.deep.equal([1, true]);
    }
    expect(made.function.events).to.deep.equal([]);
  });

  describe('when what was shown has changed meanwhile', () => {
    it('replaces nothing', async () => {
      const made = await begin();
      made.function.beforeWork(() => switchOff('ann', LEAKED));
      const { code, stdout } = await type(made, [...COMMANDS.replace, '--yes', '--json']);
      expect(code).to.equal(1);
      expect(reportIn(stdout).accounts[0]).to.include({ status: 'unreachable' });
      expect(stdout).to.include('decide again');
      expect(await statesOf('ann')).to.deep.equal(['Inactive']);
    });

    it('accepts nothing', async () => {
      const made = await begin();
      made.function.beforeWork(() => switchOff('idle-1', 'AKIAIDLE000000000001'));
      const { code, stderr, stdout } = await type(made, [...COMMANDS.accept, '--yes']);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.include('decide again failed:');
      expect(await historyOf(made)).to.deep.equal([]);
    });

    it('applies what is right by then, as it does without the function', async () => {
      const made = await begin();
      made.function.beforeWork(() => switchOff('due', 'AKIADUE0000000000001'));
      const { code } = await type(made, [...COMMANDS.apply, '--yes']);
      expect(code).to.equal(0);
      expect(await statesOf('due')).to.deep.equal(['Inactive']);
    });
  });

  it('is narrowed by the mode it is given, and never goes further than the function does', async () => {
    const made = await begin({ ...ENFORCE, ROTATION_MODE: 'no-delete' });
    for (const [asked, mode] of [
      ['enforce', 'no-delete'],
      ['replace-only', 'replace-only'],
    ] as const) {
      const { stdout } = await type(made, ['apply', '--mode', asked, '--yes', '--json']);
      expect(reportIn(stdout).mode).to.equal(mode);
    }
  });

  it('is refused where the environment has other settings than the function, which are named', async () => {
    const made = await begin();
    for (const args of Object.values(COMMANDS)) {
      const environment = { ...made.environment, ...ENFORCE, ROTATION_ROTATE_AFTER_DAYS: '30' };
      const { code, stderr } = await type(made, [...args, '--yes'], { environment });
      expect(code).to.equal(2);
      expect(stderr).to.match(/ROTATION_ROTATE_AFTER_DAYS: is set otherwise.*ROTATION_FUNCTION_NAME=none/);
      expect(stderr.replace(/^Settings: .*\n/, '')).not.to.match(/ROTATION_MODE|ROTATION_MAX_DEACTIVATIONS/);
    }
    expect(made.function.events).to.deep.equal([]);
  });

  it('is shown with what the function found wrong, as if it had been found here', async () => {
    const made = await begin();
    made.function.beforeWork(async () =>
      emulator().inject({ action: 'organizations:*', kind: 'error', code: 'AccessDeniedException' }),
    );
    for (const name of ['replace', 'apply', 'accept'] as const) {
      await emulator().clearFaults();
      const { code, stderr, stdout } = await type(made, [...COMMANDS[name], '--yes']);
      expect([code, stdout], stderr).to.deep.equal([1, '']);
      expect(stderr).to.match(/organizations:List\w+ failed:/);
    }
    await emulator().clearFaults();
  });

  const lambda = (code: string, status: number): Instead => ({
    status,
    headers: { 'x-amzn-errortype': code, 'content-type': 'application/json' },
    body: { Message: 'as AWS says it' },
  });
  const withError = (errorType: string, errorMessage: string): Instead => ({
    status: 200,
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: { errorType, errorMessage, trace: ['at secret (/var/task/handler.mjs:1:1)'] },
  });
  for (const [title, instead, expected] of [
    [
      'may not be invoked',
      lambda('AccessDeniedException', 403),
      /Nothing was done\. Allow lambda:InvokeFunction/,
    ],
    [
      'is busy',
      lambda('TooManyRequestsException', 429),
      /Nothing was done: .*reservedConcurrency.*some minutes/,
    ],
    [
      'is not there any more',
      lambda('ResourceNotFoundException', 404),
      /Nothing was done\. There is no function/,
    ],
    [
      'can not be reached by Lambda',
      lambda('ServiceException', 500),
      /may still be at work\. Before you repeat/,
    ],
    [
      'ends with a defect',
      withError('TypeError', 'x is not a function\nat'),
      /TypeError: x is not a function\)/,
    ],
    [
      'runs out of time',
      withError('Sandbox.Timedout', 'Task timed out after 900.00 seconds'),
      /ran out of its time/,
    ],
    [
      'is an older one',
      withError('InputError', 'command: no such field; there are'),
      /another version is deployed/,
    ],
    ['answers something else', { status: 200, body: { totals: {} } }, /another version is deployed/],
  ] as const) {
    it(`says so where the function ${title}, with what to do, and asks once`, async () => {
      const made = await begin();
      made.function.answerWith(instead);
      const { code, stdout, stderr } = await type(made, [...COMMANDS.replace, '--yes']);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(expected).and.to.include('Next step: ').and.not.to.include('/var/task');
      const asked = (await emulator().calls()).filter(({ action }) => action === 'lambda:InvokeFunction');
      expect(asked).to.have.length(1);
      expect(await statesOf('ann')).to.deep.equal(['Active']);
    });
  }

  for (const [isClean, code] of [
    [true, 0],
    [false, 1],
  ] as const) {
    it(`says where its report is, if that is too long to be sent: ${isClean ? 'all went well' : 'something failed'}`, async () => {
      const made = await begin();
      const body = toWire({ kind: 'report-too-long', runId: 'run-1', isClean });
      made.function.answerWith({ status: 200, body });
      const ended = await type(made, [...COMMANDS.apply, '--yes', '--json']);
      expect(ended.code).to.equal(code);
      expect(ended.stderr).to.include('Run run-1 is done').and.to.include('history --account ID --run run-1');
      expect(JSON.parse(ended.stdout)).to.include({ runId: 'run-1', clean: isClean, reportTooLong: true });
    });
  }

  it('is not sent again where its answer gets lost, and says where to look', async () => {
    const made = await begin();
    made.function.answerWith({ lost: true });
    const { code, stderr } = await type(made, [...COMMANDS.replace, '--yes']);
    expect(code).to.equal(1);
    expect(stderr).to.include('The answer got lost').and.to.include('access-key-rotation history');
    expect(made.function.events).to.have.length(1);
    expect(await statesOf('ann')).to.deep.equal(['Inactive', 'Active']);
  });

  it('is done here where no function is to be asked, and where there is none', async () => {
    const made = await begin();
    const { tableName, topicArn } = made.organization;
    const environment = { ...ENFORCE, ROTATION_TABLE_NAME: tableName, ROTATION_TOPIC_ARN: topicArn };
    for (const ROTATION_FUNCTION_NAME of ['none', 'another']) {
      const args = [...COMMANDS.apply, '--yes', '--json'];
      const { code, stderr } = await type(made, args, {
        environment: { ...environment, ROTATION_FUNCTION_NAME },
      });
      expect(code, stderr).to.equal(0);
    }
    expect(await statesOf('due')).to.have.length(2);
    expect(made.function.events).to.deep.equal([]);
  });
});
