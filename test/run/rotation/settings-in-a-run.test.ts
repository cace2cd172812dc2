import { expect } from 'chai';
import type { BadSettingsRow, SettingsSnapshot, SettingsRow } from '../../../src/domain/settings/setting.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { snapshotOf, TOPIC_ARN } from '../../support/builders.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

const ONE = '111111111111';
const TWO = '222222222222';
const OWN_TOPIC = 'arn:aws:sns:eu-central-1:999999999999:access-key-rotation-two';

/** Two accounts; in each ann has a key that is due. */
function twoAccounts() {
  const organization = memoryOrganization();
  const one = organization.add({ id: ONE, name: 'one', ouPath: ['r-root', 'ou-prod'] });
  const two = organization.add({ id: TWO, name: 'two', ouPath: ['r-root', 'ou-test'] });
  for (const { iam, id } of [one, two]) iam.addKey('ann', { id: `ANN${id}`, age: days(70), usedAgo: DAY });
  const go = (options: RunOptions = {}) => rotateOrganization(organization.run(options));
  return { ...organization, one, two, go };
}

const book = (rows: readonly SettingsRow[], badRows: readonly BadSettingsRow[] = []): SettingsSnapshot => ({
  ...snapshotOf({ mode: 'enforce' }),
  rows,
  badRows,
});
const ofAccount = (accountId: string, values: SettingsRow['values']): SettingsRow => ({
  target: { level: 'account', accountId },
  values,
  final: [],
});

/** `one: ann replace applied`, or `one: unreachable`. */
async function said(go: Promise<Awaited<ReturnType<typeof rotateOrganization>>>): Promise<readonly string[]> {
  return (await go).accounts.flatMap((report) =>
    report.status === 'rotated'
      ? [
          ...report.outcomes.map(
            ({ status, decision }) =>
              `${report.account.name}: ${decision.userName} ${decision.action} ${status}`,
          ),
          ...report.gaps.map(({ userName, reason }) => `${report.account.name}: ${userName} ${reason}`),
        ]
      : [`${report.account.name}: ${report.status}`],
  );
}

describe('the settings of an account in a run', () => {
  it('decide its mode', async () => {
    const { go } = twoAccounts();
    expect(await said(go({ book: book([ofAccount(TWO, { mode: 'audit' })]) }))).to.deep.equal([
      'one: ann replace applied',
      'two: ann replace held',
    ]);
  });

  it('never allow more than was asked for in the run', async () => {
    const { go } = twoAccounts();
    const rows = [ofAccount(TWO, { mode: 'enforce' })];
    expect(await said(go({ cap: 'audit', book: book(rows) }))).to.deep.equal([
      'one: ann replace held',
      'two: ann replace held',
    ]);
  });

  it('decide its policy', async () => {
    const { go } = twoAccounts();
    const rows = [ofAccount(TWO, { rotateAfter: 75 })];
    expect(await said(go({ book: book(rows) }))).to.deep.equal([
      'one: ann replace applied',
      'two: ann keep none',
    ]);
  });

  it('are found by its organizational units, which are asked for only then', async () => {
    const { go } = twoAccounts();
    const asked: unknown[] = [];
    const around: RunOptions['around'] = async ({ name, args }, proceed) => {
      if (name === 'directory.list') asked.push(args[0]);
      return await proceed();
    };
    const rows: SettingsRow[] = [
      { target: { level: 'organizational-unit', ouId: 'ou-test' }, values: { mode: 'audit' }, final: [] },
    ];
    expect(await said(go({ around, book: book(rows) }))).to.deep.equal([
      'one: ann replace applied',
      'two: ann replace held',
    ]);
    await go({ around });
    expect(asked).to.deep.equal([{ withOus: true }, { withOus: false }]);
  });

  it('decide where its digest goes; the summary stays where it was', async () => {
    const { go, notifier } = twoAccounts();
    await go({ book: book([ofAccount(TWO, { topicArn: OWN_TOPIC })]) });
    const told = notifier.published.map(
      ({ subject }, index) => `${subject} -> ${notifier.topics[index] ?? ''}`,
    );
    expect(told).to.have.members([
      `one: digest -> ${TOPIC_ARN}`,
      `two: digest -> ${OWN_TOPIC}`,
      `summary -> ${TOPIC_ARN}`,
    ]);
  });

  it('that contradict each other still say where that is told', async () => {
    const { go, notifier } = twoAccounts();
    await go({ book: book([ofAccount(TWO, { topicArn: OWN_TOPIC, deactivateAfter: 50 })]) });
    const index = notifier.published.findIndex(({ subject }) => subject === 'two: unreachable');
    expect(notifier.topics[index]).to.equal(OWN_TOPIC);
  });

  for (const [title, options] of [
    [
      'settings',
      { book: book([{ target: { level: 'organizational-unit', ouId: 'ou-prod' }, values: {}, final: [] }]) },
    ],
    [
      'the selection',
      {
        selection: {
          includeAccounts: [],
          excludeAccounts: [],
          includeOus: [],
          excludeOus: ['ou-prod'],
          onlyAccounts: [],
        },
      },
    ],
  ] as const) {
    it(`keep an account waiting that is below no unit for a moment, where units matter to ${title}`, async () => {
      const { go, add } = twoAccounts();
      const moving = add({ id: '333333333333', name: 'moving' });
      moving.iam.addKey('ann', { age: days(70), usedAgo: DAY });
      const lines = await said(go(options));
      expect(lines).to.include('moving: unreachable');
      expect(moving.iam.keysOf('ann')).to.have.length(1);
      expect(await said(go())).to.include('moving: ann replace applied');
    });
  }

  it('of one user decide about that user only', async () => {
    const { go, one } = twoAccounts();
    one.iam.addKey('bob', { age: days(70), usedAgo: DAY });
    const target = { level: 'user', accountId: ONE, userName: 'ANN' } as const;
    const rows: SettingsRow[] = [{ target, values: { rotateAfter: 75 }, final: [] }];
    expect(await said(go({ book: book(rows) }))).to.deep.equal([
      'one: ann keep none',
      'one: bob replace applied',
      'two: ann replace applied',
    ]);
  });

  const broken = (target: BadSettingsRow['target']): BadSettingsRow => ({
    ...(target === undefined ? {} : { target }),
    message: 'rotateAfter: must be a number of days, not "soon"',
  });
  for (const [whose, target, says] of [
    [
      'of one account stops that account',
      { level: 'account', accountId: ONE },
      ['one: unreachable', 'two: ann replace applied'],
    ],
    [
      'of a unit stops the accounts below it',
      { level: 'organizational-unit', ouId: 'ou-test' },
      ['one: ann replace applied', 'two: unreachable'],
    ],
    [
      'of a unit high up stops all below it',
      { level: 'organizational-unit', ouId: 'r-root' },
      ['one: unreachable', 'two: unreachable'],
    ],
    ['of the organization stops all', { level: 'organization' }, ['one: unreachable', 'two: unreachable']],
    ['of nobody knows whom stops all', undefined, ['one: unreachable', 'two: unreachable']],
    [
      'of one user stops that user',
      { level: 'user', accountId: ONE, userName: 'ann' },
      ['one: ann bad-settings', 'two: ann replace applied'],
    ],
  ] as const) {
    it(`a row that can't be used ${whose}, and says so by name`, async () => {
      const { go, one, two, notifier } = twoAccounts();
      const done = await go({ book: book([], [broken(target)]) });
      expect(await said(Promise.resolve(done))).to.deep.equal(says);
      expect(JSON.stringify(done)).to.include('must be a number of days');
      expect(one.iam.keysOf('ann').length + two.iam.keysOf('ann').length).to.equal(
        2 + says.filter((line) => line.includes('applied')).length,
      );
      const unreachable = says.filter((line) => line.includes('unreachable')).length;
      expect(notifier.published.filter(({ subject }) => subject.includes('unreachable'))).to.have.length(
        unreachable,
      );
    });
  }

  it('that contradict each other stop it', async () => {
    const { go } = twoAccounts();
    const rows = [ofAccount(TWO, { deactivateAfter: 50 })];
    const done = await go({ book: book(rows) });
    expect(await said(Promise.resolve(done))).to.deep.equal(['one: ann replace applied', 'two: unreachable']);
    const [, two] = done.accounts;
    expect(two?.status === 'unreachable' && two.failure.message).to.include(
      'deactivateAfter (account 222222222222): must be more than rotateAfter (60 days)',
    );
  });

  it("that can't be read end the run before anything is done", async () => {
    const { go, faults, one } = twoAccounts();
    faults.on('settings.read', 'denied');
    expect(await go().catch((error: unknown) => error)).to.be.an('error');
    expect(one.iam.keysOf('ann')).to.have.length(1);
  });

  it('of an account that is not there are a note, and stop nobody', async () => {
    const { go } = twoAccounts();
    const done = await go({ book: book([ofAccount('333333333333', { mode: 'audit' })]) });
    expect(done.findings.map(({ severity }) => severity)).to.deep.equal(['note']);
    expect(done.findings[0]?.message).to.include('333333333333');
  });
});

describe('a digest that is wanted every week', () => {
  const weekly = { values: { digestFrequency: 'weekly' } } as const;
  const quiet: NonNullable<RunOptions['digestOf']> = (_report, evenIfNothing) =>
    evenIfNothing
      ? { subject: 'quiet', text: '', json: '', attributes: {}, announces: new Set(), told: new Map() }
      : undefined;

  for (const [title, passed, published] of [
    ['is not repeated within the week', 6.4, 1],
    ['comes again after a week, even if the run is some hours early', 6.5, 2],
    ['comes again after a week', 7, 2],
  ] as const) {
    it(title, async () => {
      const { go, clock, notifier } = twoAccounts();
      const options = { ...weekly, digestOf: quiet, selection: onlyOne };
      await go(options);
      clock.pass(days(passed));
      await go(options);
      const quietOnes = notifier.published.filter(({ subject }) => subject === 'quiet');
      expect(quietOnes).to.have.length(published);
    });
  }

  it('is not put off by a run over one user', async () => {
    const { go, clock, notifier } = twoAccounts();
    const options = { ...weekly, digestOf: quiet, selection: onlyOne };
    await go(options);
    clock.pass(days(6));
    await go({ ...options, userNames: ['ann'], digestOf: () => quiet({} as never, true) });
    clock.pass(days(1));
    await go(options);
    expect(notifier.published.filter(({ subject }) => subject === 'quiet')).to.have.length(3);
  });

  it('is not sent where only what happens is wanted', async () => {
    const { go, notifier } = twoAccounts();
    await go({ digestOf: quiet });
    expect(notifier.published.map(({ subject }) => subject)).to.deep.equal(['summary']);
  });

  it('that could not be remembered is a failure', async () => {
    const { go, faults } = twoAccounts();
    faults.on('ledger.markDigestSent', 'throttled', { times: Infinity });
    const { accounts } = await go({ ...weekly, digestOf: quiet });
    const findings = accounts.flatMap((report) => (report.status === 'rotated' ? report.findings : []));
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['failure', 'failure']);
  });

  const onlyOne = {
    includeAccounts: [ONE],
    excludeAccounts: [],
    includeOus: [],
    excludeOus: [],
    onlyAccounts: [],
  };
});

describe('secrets in plain text', () => {
  const insisted = { secretDelivery: 'sns-plaintext' } as const;

  it('go to the topic only where the settings name it, and are in Secrets Manager too', async () => {
    const { go, plaintext, one, two } = twoAccounts();
    await go({ book: book([ofAccount(ONE, insisted)]) });
    const created = (member: typeof one) => member.iam.keysOf('ann').at(-1)?.id ?? '';
    expect(plaintext.sent).to.deep.equal([created(one)]);
    for (const member of [one, two]) {
      expect(member.secrets.currentOf('ann')?.accessKeyId).to.equal(created(member));
    }
  });

  it('are refused, and the account with them, where the topic has e-mail readers', async () => {
    const { go, plaintext, one } = twoAccounts();
    plaintext.emailReaders = true;
    expect(await said(go({ book: book([ofAccount(ONE, insisted)]) }))).to.deep.equal([
      'one: unreachable',
      'two: ann replace applied',
    ]);
    expect(plaintext.sent).to.deep.equal([]);
    expect(one.iam.keysOf('ann')).to.have.length(1);
  });

  it('are refused where nobody can tell who reads the topic', async () => {
    const { go, faults } = twoAccounts();
    faults.on('plaintext.hasEmailReaders', 'denied');
    expect(await said(go({ book: book([ofAccount(ONE, insisted)]) }))).to.deep.equal([
      'one: unreachable',
      'two: ann replace applied',
    ]);
  });

  it('go even to e-mail readers where that was confirmed a second time', async () => {
    const { go, plaintext } = twoAccounts();
    plaintext.emailReaders = true;
    await go({ book: book([ofAccount(ONE, { ...insisted, snsPlaintextToEmail: 'confirmed' })]) });
    expect(plaintext.sent).to.have.length(1);
  });

  it('that could not be sent are a failure; the key stays, since its secret is stored', async () => {
    const { go, faults, one } = twoAccounts();
    faults.on('plaintext.send', 'denied');
    const { accounts } = await go({ book: book([ofAccount(ONE, insisted)]) });
    const [report] = accounts;
    if (report?.status !== 'rotated') throw new Error('not rotated');
    expect(report.outcomes.map(({ status }) => status)).to.deep.equal(['applied']);
    expect(report.findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
    expect(one.iam.keysOf('ann')).to.have.length(2);
  });
});
