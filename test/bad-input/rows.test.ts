import { expect } from 'chai';
import { readHistory } from '../../src/aws/table/history-rows.ts';
import type { Item } from '../../src/aws/table/items.ts';
import { NOTICE_ATTRIBUTES } from '../../src/aws/table/ledger-rows.ts';
import { readRows } from '../../src/aws/table/read-ledger.ts';
import { isClean } from '../../src/domain/report/run-report.ts';
import { NOTICES } from '../../src/domain/rotation/notice.ts';
import { DAY, days, HOUR, MINUTE } from '../../src/domain/time.ts';
import { perform, prepare } from '../../src/run/on-demand/on-demand.ts';
import { replaceOnDemand } from '../../src/domain/rotation/on-demand.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import { notWorkedOnIn } from '../../src/report/data/metrics.ts';
import { notice, T0 } from '../support/builders.ts';
import { arnOf } from '../support/memory/iam.ts';
import { CALLER, memoryOrganization } from '../support/memory/organization.ts';
import { weekly } from '../run/rotation/weekly.ts';
import { prepared } from '../support/prepared.ts';

/* Whoever can write the table can write any row. Each of these is one that no run has written. */

const APP = '111111111111';
const ARN = arnOf(APP, 'ann');
const NOTICE = { firstAt: T0 - DAY, lastAt: T0 - DAY, date: T0 + days(9) };
const FAR = Date.UTC(2199, 0, 1);

const GOOD: Readonly<Record<string, Item>> = {
  'key#AKIAANN': {
    userName: 'ann',
    replacementOf: 'AKIAOLD',
    deliveredAt: T0,
    secretName: 'access-key-rotation/ann',
    inactiveSince: T0,
    deactivatedAs: 'unused',
    mayHaveLeaked: true,
    reactivatedAt: T0,
    reactivations: new Set([T0]),
    told: { reason: 'unused-notice', at: T0 },
    testDenied: { at: T0, cause: 'AccessDenied' },
    goneAt: T0,
    ...Object.fromEntries(Object.values(NOTICE_ATTRIBUTES).map((name) => [name, NOTICE])),
  },
  'intent#ann': {
    userArn: ARN,
    replaces: 'AKIAOLD',
    knownKeyIds: ['AKIAOLD'],
    secretName: 'access-key-rotation/ann',
    startedAt: T0,
    leaseEndsAt: T0 + 10 * MINUTE,
    runId: 'run-1',
  },
  'begun#AKIAANN': {
    what: 'deactivated',
    userName: 'ann',
    runId: 'run-1',
    by: CALLER,
    at: T0,
    reason: 'unused',
    message: 'Unused.',
  },
  'accepted#deletions': {
    keyIds: ['AKIAANN'],
    by: CALLER,
    reason: 'seen',
    at: T0,
    until: T0 + days(15),
  },
  digest: { publishedAt: T0, owedBy: 'run-1', owedSince: T0 },
};

/** Of these a person gets to see the words; the others are names, ids and moments, which have none. */
const WORDS: ReadonlySet<string> = new Set(['by', 'message', 'testDenied.cause', 'accepted.reason']);
const HUGE = 'x'.repeat(300_000);
const FORGERIES: readonly (readonly [string, unknown])[] = [
  ['an object', { a: 1 }],
  ['nothing (NULL)', null],
  ['true', true],
  ['huge text', HUGE],
  ['control characters', 'ann\u0000\n\u001b[2Jann'],
  ['words', 'as the board has decided'],
  ['a moment in seconds', T0 / 1000],
  ['a moment after all dates', 1e17],
];

/** Everything of a ledger that could rest on the row. */
const restsOn = (rows: ReturnType<typeof readRows>): number =>
  [rows.keys.size, rows.intents.length, rows.pendingChanges.length, rows.acceptances.length].reduce(
    (sum, count) => sum + count,
    0,
  );

const read = (sk: string, changes: Item) => readRows([{ pk: `account#${APP}`, sk, ...GOOD[sk], ...changes }]);

for (const [sk, row] of Object.entries(GOOD)) {
  const kind = sk.split('#')[0] ?? '';
  describe(`a row ${sk}`, () => {
    it('is read as it is when it is good', () => {
      const rows = read(sk, {});
      expect(rows.badRows).to.deep.equal([]);
      expect(restsOn(rows)).to.equal(kind === 'digest' ? 0 : 1);
    });

    for (const field of Object.keys(row)) {
      const isWords = WORDS.has(field) || WORDS.has(`${kind}.${field}`);
      for (const [title, forged] of FORGERIES) {
        if (forged === row[field]) continue;
        const isText = typeof forged === 'string';
        if (isWords && isText) {
          it(`whose ${field} is ${title} is shown as one short line`, () => {
            const rows = read(sk, { [field]: forged });
            const [one] = [...rows.pendingChanges, ...rows.acceptances] as unknown as Item[];
            expect(String(one?.[field])).to.match(/^[^\p{Cc}]{1,1003}$/u);
          });
          continue;
        }
        it(`whose ${field} is ${title} is not used, and reported by what its own key says`, () => {
          const rows = read(sk, { [field]: forged });
          expect(restsOn(rows)).to.equal(0);
          if (kind === 'accepted' || kind === 'digest') {
            // Then the limit holds, and a digest comes sooner.
            expect([rows.badRows, rows.lastDigestAt, rows.pendingDigest]).to.deep.equal([
              [],
              undefined,
              undefined,
            ]);
            return;
          }
          const [bad] = rows.badRows;
          expect(bad?.message).to.include(`account#${APP} / ${sk}`).and.include(field);
          expect(bad?.message).to.have.length.below(2_000);
          expect(bad?.message).not.to.match(/\p{Cc}/u);
          expect({ userName: bad?.userName, accessKeyId: bad?.accessKeyId }).to.deep.equal(
            kind === 'intent'
              ? { userName: 'ann', accessKeyId: undefined }
              : { userName: undefined, accessKeyId: 'AKIAANN' },
          );
        });
      }
      const isOptional = kind === 'key' || field === 'secretName' || kind === 'digest';
      it(`without ${field} is ${isOptional ? 'a row without it' : 'not used'}`, () => {
        const rows = read(sk, { [field]: undefined });
        if (kind === 'digest') expect(rows.badRows).to.deep.equal([]);
        else expect(restsOn(rows)).to.equal(isOptional ? 1 : 0);
      });
    }
  });
}

describe('a row whose own key is forged', () => {
  for (const sk of ['key#', 'key#two words', 'key#A\u0007', `begun#${HUGE}`, 'intent#', 'intent#a b']) {
    it(`is nobody's, and reported in one line: ${JSON.stringify(sk.slice(0, 20))}`, () => {
      const like = GOOD[`${sk.split('#')[0] ?? ''}#${sk.startsWith('intent') ? 'ann' : 'AKIAANN'}`];
      const rows = readRows([{ ...like, pk: `account#${APP}`, sk }]);
      expect(restsOn(rows)).to.equal(0);
      expect(rows.badRows).to.have.length(1);
      expect(Object.keys(rows.badRows[0] ?? {})).to.deep.equal(['message']);
      expect(rows.badRows[0]?.message).to.match(/^[^\p{Cc}]{1,1500}$/u);
    });
  }
});

describe('a row of the history', () => {
  const ENTRY = {
    at: T0,
    runId: 'run-1',
    by: CALLER,
    what: 'deleted',
    userName: 'ann',
    accessKeyId: 'AKIAANN',
    newAccessKeyId: 'AKIANEW',
    secretName: 'access-key-rotation/ann',
    reason: 'unused',
    message: 'Unused.',
  };
  const entry = (changes: Item) =>
    readHistory({
      pk: `history#${APP}`,
      sk: `${new Date(T0).toISOString()}#deleted#AKIAANN#run-1`,
      ...ENTRY,
      ...changes,
    });

  it('is read as it is when it is good', () => {
    expect(entry({})).to.deep.equal(ENTRY);
  });
  for (const field of Object.keys(ENTRY).filter((name) => name !== 'at' && name !== 'what')) {
    for (const [title, text] of FORGERIES.filter(([, value]) => typeof value === 'string')) {
      it(`whose ${field} is ${title} is one short line`, () => {
        const found: unknown = entry({ [field]: text })?.[field as 'message'];
        expect(found)
          .to.be.a('string')
          .and.match(/^[^\p{Cc}]{1,1003}$/u);
      });
    }
    it(`whose ${field} is an object is left out`, () => {
      expect(entry({ [field]: { a: 1 } })).to.equal(undefined);
    });
  }
  for (const [title, changes] of [
    ['is dated otherwise than its place among the others', { at: T0 - DAY }],
    ['is dated after all dates', { at: 1e17 }],
    ['is of a kind that nothing is', { what: 'promoted' }],
  ] as const) {
    it(`that ${title} is left out`, () => {
      expect(entry(changes)).to.equal(undefined);
    });
  }
});

describe('a key row of 2199', () => {
  const at = (about: (typeof NOTICES)[number], changes: object) => ({
    notices: [{ ...notice(about, { givenAgo: DAY }), ...changes }],
  });
  const FIELDS = [
    ['deliveredAt', { deliveredAt: FAR, replacementOf: 'AKIAGONE' }],
    ['inactiveSince', { inactiveSince: FAR }],
    ['reactivatedAt', { reactivatedAt: FAR }],
    ['reactivations', { reactivations: [FAR, FAR + 1, FAR + 2] }],
    ['testDenied', { testDenied: { at: FAR, cause: 'denied' } }],
    ['told', { told: { reason: 'unused-notice', at: FAR } }],
    ...NOTICES.flatMap((about) =>
      (['firstAt', 'lastAt', 'date', 'inAnyCase'] as const).map(
        (name) => ['notices', at(about, { [name]: FAR }), `${about}.${name}`] as const,
      ),
    ),
  ] as const;
  for (const [field, memory, title = field] of FIELDS) {
    it(`(${title}) exempts nobody: an unused key goes as always, and the row is reported`, async () => {
      const life = weekly();
      life.iam.addKey('ann', { id: 'AKIAANN', age: days(200) });
      life.ledger.remember(life.id, 'AKIAANN', memory);
      await life.live(1);
      expect(life.findings.map(({ message, severity }) => `${severity} ${message}`).join()).to.match(
        new RegExp(`^failure .*AKIAANN of ann.*${field}`),
      );
      // Not sooner than a whole grace, and not later than if it had been switched on again today.
      expect(life.changes).to.deep.equal([]);
      await life.live(120);
      expect(Number.parseInt(life.changes[0] ?? '', 10)).to.be.within(14, 112);
      expect(life.changes[0]).to.include('AKIAANN inactive');
    });
  }
});

describe('a forged row', () => {
  /** Ann has a key of her own making beside the one that was made for her; both are used every day. */
  const withTwoKeysInUse = () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAOURS', age: days(95) });
    life.iam.addKey('ann', { id: 'AKIAHERS', age: days(94), usedAgo: HOUR });
    life.secrets.put('ann', 'AKIAOURS', 'secret', life.iam.userIdOf('ann'));
    const both = () => ['AKIAOURS', 'AKIAHERS'].map((id) => life.iam.use(id));
    return { life, both };
  };
  const announced = {
    notices: [
      { about: 'deadline', firstAt: T0 - days(30), lastAt: T0 - DAY, date: T0 - DAY },
      { about: 'replaced', firstAt: T0 - days(30), lastAt: T0 - DAY, date: T0 - DAY },
      { about: 'least-recently-used', firstAt: T0 - HOUR, lastAt: T0 - HOUR, date: T0 - MINUTE },
      { about: 'unused', firstAt: T0 - days(30), lastAt: T0 - DAY, date: T0 - DAY },
    ],
  } as const;

  for (const [replaced, by] of [
    ['AKIAHERS', 'AKIAOURS'],
    ['AKIAOURS', 'AKIAHERS'],
  ] as const) {
    for (const whenTwoKeysInUse of ['escalate', 'deactivate-least-recently-used'] as const) {
      it(`and another one don't have a key in daily use switched off (${replaced}, ${whenTwoKeysInUse})`, async () => {
        const { life, both } = withTwoKeysInUse();
        life.ledger.remember(life.id, by, { replacementOf: replaced, deliveredAt: T0 - days(60) });
        life.ledger.remember(life.id, replaced, announced);
        await life.live(15, both, () => ({ values: { whenTwoKeysInUse } }));
        expect(life.changes).to.deep.equal([]);
      });
    }
  }

  it('does not have a key switched off that is used seldom, because another one that a person made is used more', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIASELDOM', age: days(95), usedAgo: days(12) });
    life.iam.addKey('ann', { id: 'AKIADAILY', age: days(90), usedAgo: HOUR });
    life.ledger.remember(life.id, 'AKIADAILY', { replacementOf: 'AKIASELDOM', deliveredAt: T0 - days(20) });
    await life.live(15, () => life.iam.use('AKIADAILY'));
    expect(life.changes).to.deep.equal([]);
    expect(life.saidOf('AKIASELDOM')[0]).to.equal('0: deactivate moved (failed)');
  });

  it('does not have a secret shared with another user: its policy names whom IAM lists, and the row is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
    life.iam.addUser('eve');
    life.iam.addKey('ann', { id: 'AKIANEW', age: HOUR });
    const ann = { userName: 'ann', arn: arnOf(life.id, 'ann'), userId: life.iam.userIdOf('ann') };
    const state = await prepared(life.secrets.store, ann, 'run-0');
    const key = { id: 'AKIANEW', status: 'active', createdAt: T0 - HOUR, secret: 'secret' } as const;
    await life.secrets.store.store(ann, key, state);
    life.iam.use('AKIANEW');
    life.ledger.begin(life.id, {
      ...GOOD['intent#ann'],
      userName: 'ann',
      userArn: arnOf(life.id, 'eve'),
      replaces: 'AKIAANN',
      knownKeyIds: ['AKIAANN'],
      startedAt: T0 - HOUR,
      leaseEndsAt: T0 - HOUR + 10 * MINUTE,
      runId: 'run-0',
    });
    await life.live(1);
    expect(life.secrets.readerOf('ann')).to.equal(ann.arn);
    const reported = life.findings.find(({ severity }) => severity === 'failure');
    expect(reported?.message).to.include('intent#ann').and.include('user/eve').and.include(ann.arn);
  });

  it("does not have a person's new key deleted as one that a run has lost", async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAOLD', age: days(30), usedAgo: DAY });
    life.iam.addKey('ann', { id: 'AKIAHERS', age: DAY });
    life.secrets.put('ann', 'AKIAOLD', 'secret', life.iam.userIdOf('ann'));
    life.ledger.begin(life.id, {
      userName: 'ann',
      userArn: arnOf(life.id, 'ann'),
      replaces: 'AKIAOLD',
      knownKeyIds: ['AKIAOLD'],
      startedAt: T0 - DAY,
      leaseEndsAt: T0 - DAY + 5 * MINUTE,
      runId: 'run-0',
    });
    await life.live(1);
    expect(life.iam.keysOf('ann').map(({ id }) => id)).to.deep.equal(['AKIAOLD', 'AKIAHERS']);
    expect(life.findings.map(({ severity }) => severity)).to.deep.equal(['critical']);
  });

  for (const [title, moments] of [
    ['begun in 2199', { startedAt: FAR, leaseEndsAt: FAR + MINUTE }],
    ['whose lease ends in 2199', { startedAt: T0 - DAY, leaseEndsAt: FAR }],
    ['whose lease ends before it begins', { startedAt: T0, leaseEndsAt: T0 - DAY }],
  ] as const) {
    for (const mode of ['enforce', 'audit'] as const) {
      it(`of an intent ${title} holds up nobody, and is reported (${mode})`, async () => {
        const life = weekly();
        life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
        const row = { userName: 'ann', userArn: arnOf(life.id, 'ann'), replaces: 'AKIAANN' };
        life.ledger.begin(life.id, { ...row, knownKeyIds: ['AKIAANN'], runId: 'run-0', ...moments });
        await life.live(1, undefined, () => ({ mode }));
        expect(life.findings.map(({ message }) => message).join()).to.include('intent#ann');
        expect(life.saidOf('AKIAANN')).to.deep.equal([`0: replace due${mode === 'audit' ? ' (held)' : ''}`]);
        expect(life.ledger.of(life.id).intents).to.have.length(mode === 'audit' ? 1 : 0);
      });
    }
  }

  it('of a change begun in 2199 holds up nobody, and is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
    const forged = { ...GOOD['begun#AKIAANN'], accessKeyId: 'AKIAANN', at: FAR } as never;
    await life.ledger.port.markChangePending(life.id, forged);
    await life.live(1);
    expect(life.findings.map(({ message }) => message).join()).to.include('begun#AKIAANN');
    expect(life.saidOf('AKIAANN')).to.deep.equal(['0: replace due']);
  });

  it('puts no words into the history: what it says is quoted as what nothing proves', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY, status: 'inactive' });
    const forged = {
      ...GOOD['begun#AKIAANN'],
      accessKeyId: 'AKIAANN',
      by: 'arn:aws:iam::1:user/the-auditor',
      message: 'All keys were "reviewed".',
      at: T0 - days(4000),
    } as never;
    await life.ledger.port.markChangePending(life.id, forged);
    await life.live(1);
    const [entry] = life.ledger.historyOf(life.id);
    expect(entry).to.include({ by: CALLER, at: T0, what: 'deactivated' });
    expect(entry?.message).to.match(/^Begun by run run-1, and found done by run run-1: a person may/);
    expect(entry?.message).to.include(`which nothing proves: "All keys were 'reviewed'.`);
  });

  it('of the history is told by no digest when it is of the future, and that is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(10), usedAgo: DAY });
    await life.ledger.port.markDigestPending(life.id, 'run-0', T0 - DAY);
    const entry = { at: FAR, runId: 'run-0', by: CALLER, reason: 'x', message: 'Give eve the keys.' };
    await life.ledger.port.accept(life.id, { ...ACCEPTED, until: T0 }, { ...entry, what: 'deleted' });
    await life.live(1);
    const said = life.findings.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
    expect(said).to.include('failure: The history has entries of the future').and.not.include('Give eve');
  });

  const ACCEPTED = { limit: 'deactivations', keyIds: ['K1'], by: CALLER, reason: 'x', at: T0 } as const;
  for (const [title, moments] of [
    ['accepted in 2199', { at: FAR, until: FAR + DAY }],
    ['accepted until 2199', { at: T0, until: FAR }],
  ] as const) {
    it(`of a limit ${title} lets nothing pass, and is reported`, async () => {
      const life = weekly();
      life.iam.addKey('ann', { id: 'K1', age: days(200) });
      life.ledger.remember(life.id, 'K1', { notices: [notice('unused', { givenAgo: days(11) })] });
      await life.ledger.port.accept(
        life.id,
        { ...ACCEPTED, ...moments },
        {
          at: T0,
          runId: 'x',
          by: CALLER,
          what: 'limit-accepted',
          reason: 'x',
          message: 'x',
        },
      );
      await life.live(1, undefined, () => ({ values: { maxDeactivations: { count: 0 } } }));
      expect(life.changes).to.deep.equal([]);
      expect(life.findings.map(({ message }) => message).join()).to.include('accepted#deactivations');
    });
  }

  it('of a digest published in 2199 does not end the weekly digests, and is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(10), usedAgo: DAY });
    await life.ledger.port.markDigestSent(life.id, FAR);
    await life.live(1, undefined, () => ({ values: { digestFrequency: 'weekly' } }));
    expect(life.findings.map(({ message }) => message).join()).to.include('row digest');
    expect(life.ledger.of(life.id).lastDigestAt).to.equal(T0);
  });

  it('of a digest pending since 2199 hides nothing that was done, and is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(10), usedAgo: DAY });
    await life.ledger.port.markDigestPending(life.id, 'run-0', FAR);
    const done = { at: T0 - days(7), runId: 'run-0', by: CALLER, what: 'deleted', reason: 'x' } as const;
    await life.ledger.port.accept(life.id, { ...ACCEPTED, until: T0 }, { ...done, message: 'It was done.' });
    await life.live(1);
    const said = life.findings.map(({ message }) => message).join('\n');
    expect(said).to.include('row digest').and.include('It was done.');
  });

  it('of a lease until 2099 is none: the account is worked on, and the row is reported', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
    await life.ledger.port.acquireLease(life.id, 'run-9', Date.UTC(2099, 0, 1), T0);
    await life.live(1);
    expect(life.saidOf('AKIAANN')).to.deep.equal(['0: replace due']);
    expect(life.findings.map(({ message }) => message).join())
      .to.include('row lease')
      .and.include('2099');
  });

  it('of a lease, written again before each run, makes the second run fail and is counted', async () => {
    const organization = memoryOrganization();
    const { id, iam } = organization.add();
    iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
    let notWorkedOn: readonly string[] = [];
    const clean: boolean[] = [];
    for (let run = 1; run <= 2; run++) {
      const now = organization.clock.now();
      await organization.ledger.port.acquireLease(id, 'run-9', now + 10 * MINUTE, now);
      const report = await rotateOrganization(organization.run({ notWorkedOn }));
      clean.push(isClean(report));
      expect(notWorkedOnIn(report)).to.deep.equal([id]);
      notWorkedOn = notWorkedOnIn(report);
      organization.clock.pass(days(7));
      if (run === 2) expect(report.findings[0]?.message).to.include(`Account ${id}`).and.include('run-9');
    }
    expect(clean).to.deep.equal([true, false]);
  });

  it("that can't be read, of Ann's key and with Bob's name, holds up Ann and not Bob", async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(70), usedAgo: DAY });
    life.iam.addKey('bob', { id: 'AKIABOB', age: days(70), usedAgo: DAY });
    const [row] = read('key#AKIAANN', { userName: 'bob', deliveredAt: 'yesterday' }).badRows;
    if (row !== undefined) life.ledger.spoil(life.id, row);
    await life.live(1);
    expect(life.said).to.deep.equal(['0: AKIABOB replace due']);
  });

  it("that names an excluded user does not void the notices of a covered user's key", async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIAANN', age: days(200) });
    life.iam.addKey('eve', { id: 'AKIAEVE', age: days(1) });
    const excludeUsers = [{ by: 'name', pattern: 'eve' }] as const;
    const forge = async (): Promise<void> => {
      const { notices: [given] = [] } = life.ledger.of(life.id).keys.get('AKIAANN') ?? {};
      if (given !== undefined) {
        await life.ledger.port.record(life.id, [
          { kind: 'published', userName: 'eve', accessKeyId: 'AKIAANN', notice: given },
        ]);
      }
    };
    await life.live(22, forge, () => ({ values: { excludeUsers } }));
    expect(life.changes).to.deep.equal(['14: AKIAANN inactive']);
  });

  it('does not have an emergency take a key for the replacement that is none', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'AKIALEAKED', age: days(20), usedAgo: DAY });
    life.iam.addKey('ann', { id: 'AKIAOLDER', age: days(90), usedAgo: DAY });
    life.ledger.remember(life.id, 'AKIAOLDER', { replacementOf: 'AKIALEAKED', deliveredAt: T0 - DAY });
    const run = life.run({});
    const asked = { reason: 'leaked', leaveActive: false, accessKeyId: 'AKIALEAKED' };
    const refused = await prepare(
      life.id,
      { userName: 'ann' },
      (user, policy) => replaceOnDemand(user, asked, policy, T0),
      run,
    ).then(
      (prepared) => perform(prepared, run),
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(Error);
    expect(life.iam.key('AKIALEAKED').status).to.equal('active');
  });
});
