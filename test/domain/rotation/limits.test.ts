import { expect } from 'chai';
import type { Action, Decision, Reason } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import {
  allows,
  CHANGES,
  cutOffByDate,
  DEFAULT_LIMIT,
  givesNotices,
  holdOverOrganizationLimit,
  limitFor,
  limitsExceeded,
  MODES,
  plan,
  type Limit,
  type Limits,
  type Mode,
  type Permission,
  type Readers,
} from '../../../src/domain/rotation/limits.ts';
import { decision, key, T0, type KeyFacts } from '../../support/builders.ts';

/** What a run may do where somebody reads of it. */
const may = (mode: Mode, limits: Limits, keyCount: number, more: Partial<Permission> = {}): Permission => ({
  mode,
  limits,
  keyCount,
  readers: 'somebody',
  ...more,
});

const BOUNDLESS: Limits = { maxDeactivations: { count: 1_000 }, maxDeletions: { count: 1_000 } };

/** So many decisions of a kind, each about a user of its own. */
const many = (action: Action, count: number) =>
  Array.from({ length: count }, (_, index) =>
    decision(action, {
      userName: `${action}-${index}`,
      key: key({ id: `${action}-${index}`, age: days(100 + index) }),
      ...(action === 'deactivate' ? { reason: 'unused' } : {}),
    }),
  );

const heldBy = (planned: ReturnType<typeof plan>, action: Action) =>
  planned.filter(({ decision: of }) => of.action === action).map(({ held }) => held?.by ?? 'nothing');

describe('modes', () => {
  const ALLOWED: Record<Mode, readonly Action[]> = {
    audit: [],
    'replace-only': ['replace'],
    'no-delete': ['replace', 'deactivate'],
    enforce: ['replace', 'deactivate', 'delete'],
  };
  const CHANGING: readonly Action[] = ['replace', 'deactivate', 'delete'];
  const OTHERS: readonly Action[] = ['keep', 'wait', 'blocked', 'exempt', 'skip'];

  for (const mode of MODES) {
    for (const action of CHANGING) {
      const isAllowed = ALLOWED[mode].includes(action);
      it(`${mode} ${isAllowed ? 'lets through' : 'holds'} ${action}`, () => {
        const [planned] = plan([decision(action)], may(mode, BOUNDLESS, 100));
        expect(allows(mode, action)).to.equal(isAllowed);
        expect(planned?.held).to.deep.equal(
          isAllowed ? undefined : { by: 'mode', why: `mode ${mode} does not ${action}` },
        );
      });
    }
    for (const action of OTHERS) {
      it(`${mode} has nothing to hold of ${action}`, () => {
        const only = decision(action);
        expect(plan([only], may(mode, BOUNDLESS, 100))).to.deep.equal([{ decision: only }]);
      });
    }
  }

  for (const only of [
    ...CHANGES.map((change) => [change]),
    ['replace', 'delete'],
    ['replace', 'deactivate', 'delete'],
  ] as const) {
    for (const mode of MODES) {
      it(`${mode} only takes away from what is asked for: ${only.join(', ')}`, () => {
        const planned = plan(
          [...CHANGING, ...OTHERS].map((action) => decision(action, { userName: action })),
          {
            ...may(mode, BOUNDLESS, 100),
            only,
          },
        );
        const done = planned.filter(({ held }) => held === undefined).map(({ decision: of }) => of.action);
        expect(done).to.deep.equal([
          ...ALLOWED[mode].filter((action) => only.some((asked) => asked === action)),
          ...OTHERS,
        ]);
        for (const { held, decision: of } of planned) {
          if (held === undefined) continue;
          expect(held).to.deep.equal(
            allows(mode, of.action)
              ? { by: 'request', why: 'not asked for in this run' }
              : { by: 'mode', why: `mode ${mode} does not ${of.action}` },
          );
        }
      });
    }
  }

  it('leave what is not asked for out of every count', () => {
    const decisions = [...many('deactivate', 3), ...many('delete', 3)];
    const limits = { maxDeactivations: { count: 2 }, maxDeletions: { count: 2 } };
    const permission: Permission = { ...may('enforce', limits, 100), only: ['delete'] };
    expect(limitsExceeded(decisions, permission).map(({ kind }) => kind)).to.deep.equal(['deletions']);
    expect(heldBy(plan(decisions, permission), 'deactivate')).to.deep.equal(Array(3).fill('request'));
    expect(heldBy(plan(decisions, permission), 'delete')).to.deep.equal(Array(3).fill('limit'));
  });

  it('hold a replacement whose place only a deletion would free that is not asked for', () => {
    const decisions = [decision('delete', { userName: 'ann' }), decision('replace', { userName: 'ann' })];
    const planned = plan(decisions, { ...may('enforce', BOUNDLESS, 100), only: ['replace'] });
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['request', 'place']);
  });

  it('give notices where the deactivation may follow, and nowhere else', () => {
    expect(MODES.filter((mode) => givesNotices(mode))).to.deep.equal(['no-delete', 'enforce']);
    expect(MODES.filter((mode) => givesNotices(mode, 'deadline'))).to.deep.equal(['no-delete', 'enforce']);
    expect(MODES.filter((mode) => givesNotices(mode, 'delete'))).to.deep.equal(['enforce']);
  });
});

describe('limitFor', () => {
  const LINES: readonly (readonly [Limit, number, number])[] = [
    [DEFAULT_LIMIT, 0, 5],
    [DEFAULT_LIMIT, 20, 5],
    [DEFAULT_LIMIT, 23, 5],
    [DEFAULT_LIMIT, 24, 6],
    [DEFAULT_LIMIT, 1_000, 250],
    [{ share: 0.1, atLeast: 0 }, 9, 0],
    [{ share: 1, atLeast: 0 }, 9, 9],
    [{ count: 0 }, 1_000, 0],
    [{ count: 7 }, 1, 7],
  ];
  for (const [limit, keys, expected] of LINES) {
    it(`is ${expected} for ${JSON.stringify(limit)} and ${keys} keys`, () => {
      expect(limitFor(limit, keys)).to.equal(expected);
    });
  }
});

describe('limits', () => {
  for (const [action, name] of [
    ['deactivate', 'maxDeactivations'],
    ['delete', 'maxDeletions'],
  ] as const) {
    for (const [limit, keys, allowed] of [
      [{ count: 3 }, 100, 3],
      [{ share: 0.25, atLeast: 5 }, 100, 25],
      [{ share: 0.25, atLeast: 5 }, 8, 5],
    ] as const) {
      const limits: Limits = { ...BOUNDLESS, [name]: limit };
      const held = (count: number) => heldBy(plan(many(action, count), may('enforce', limits, keys)), action);
      const of = `${action}, ${JSON.stringify(limit)} and ${keys} keys`;

      it(`let through below the limit: ${of}`, () => {
        expect(new Set(held(allowed - 1))).to.deep.equal(new Set(['nothing']));
      });
      it(`let through at exactly the limit: ${of}`, () => {
        expect(new Set(held(allowed))).to.deep.equal(new Set(['nothing']));
      });
      it(`hold all of the kind over the limit: ${of}`, () => {
        expect(held(allowed + 1)).to.deep.equal(Array<string>(allowed + 1).fill('limit'));
      });
    }
  }

  it('hold only the kind that is over its limit', () => {
    const decisions = [...many('deactivate', 3), ...many('delete', 2), ...many('replace', 9)];
    const planned = plan(
      decisions,
      may('enforce', { maxDeactivations: { count: 2 }, maxDeletions: { count: 2 } }, 100),
    );
    expect(heldBy(planned, 'deactivate')).to.deep.equal(['limit', 'limit', 'limit']);
    expect(heldBy(planned, 'delete')).to.deep.equal(['nothing', 'nothing']);
    expect(new Set(heldBy(planned, 'replace'))).to.deep.equal(new Set(['nothing']));
  });

  it('leave to the mode what the mode holds', () => {
    const planned = plan(
      many('delete', 3),
      may('no-delete', { ...BOUNDLESS, maxDeletions: { count: 1 } }, 100),
    );
    expect(heldBy(planned, 'delete')).to.deep.equal(['mode', 'mode', 'mode']);
  });

  it('say how many it would have been', () => {
    const [first] = plan(
      many('deactivate', 4),
      may('enforce', { ...BOUNDLESS, maxDeactivations: { count: 3 } }, 9),
    );
    expect(first?.held?.why).to.equal(
      '4 keys of this account would be deactivated in one run, and the limit is 3; none was',
    );
  });

  it('keep every decision, in its order', () => {
    const decisions = [...many('delete', 2), ...many('wait', 1), ...many('replace', 2)];
    const planned = plan(decisions, may('audit', BOUNDLESS, 9));
    expect(planned.map((one) => one.decision)).to.deep.equal(decisions);
  });
});

describe('a key whose owner has moved', () => {
  const none = { maxDeactivations: { count: 0 }, maxDeletions: { count: 0 } };
  const one = { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 } };
  const heldOf = (decisions: readonly Decision[]) => plan(decisions, may('enforce', none, 9))[0]?.held?.by;
  const old = key({ id: 'OLD', lastUsed: days(20) });
  const fresh = (facts: KeyFacts = {}) =>
    key({ id: 'NEW', replacementOf: 'OLD', deliveredAgo: days(25), lastUsed: days(1), ...facts });
  const pair = (other: Partial<Decision> = {}) => [
    decision('delete', { key: { ...old, status: 'inactive' } }),
    decision('keep', { key: fresh(), ...other }),
  ];
  const moved = decision('deactivate', { reason: 'moved', key: old });

  for (const [action, decisions] of [
    ['deactivate', [moved]],
    ['delete', pair()],
  ] as const) {
    it(`is not held by the limit, and does not count (${action})`, () => {
      expect(heldOf(decisions)).to.equal(undefined);
      const planned = plan([...decisions, ...many(action, 1)], may('enforce', one, 9));
      expect(planned.filter(({ held }) => held !== undefined)).to.deep.equal([]);
    });
  }

  for (const reason of ['unused', 'deadline', 'least-recently-used', 'delivery-lost'] as const) {
    it(`is not meant where one is deactivated as ${reason}`, () => {
      expect(heldOf([decision('deactivate', { reason, key: old })])).to.equal('limit');
    });
  }

  const COUNTED: readonly (readonly [string, readonly Decision[]])[] = [
    ['its replacement was used before it', pair({ key: fresh({ lastUsed: days(21) }) })],
    ['its replacement was never used', pair({ key: fresh({ lastUsed: 'never' }) })],
    ['that is not known', pair({ key: fresh({ lastUsed: 'unknown' }) })],
    ['its replacement is off', pair({ key: fresh({ status: 'inactive' }) })],
    ['the other key is not our replacement of it', pair({ key: key({ id: 'NEW', lastUsed: 0 }) })],
    ['the other key is another user’s', pair({ userName: 'bob' })],
  ];
  for (const [when, decisions] of COUNTED) {
    it(`is not meant, and its deletion counts, when ${when}`, () => {
      expect(heldOf(decisions)).to.equal('limit');
    });
  }
});

describe('what rests on an announcement', () => {
  const rests = { restsOnNotice: true };
  const heldOf = (of: Decision, readers: Readers, mode: Mode = 'enforce') =>
    plan([of], may(mode, BOUNDLESS, 9, { readers }))[0]?.held;

  for (const [readers, why] of [
    ['somebody', undefined],
    ['events', undefined],
    ['nobody', 'nobody receives what is published about this account, so nobody would know'],
    ['unknown', 'whether anybody receives what is published about this account could not be read'],
  ] as const) {
    const held = why === undefined ? undefined : { by: 'readers', why };
    for (const action of ['deactivate', 'delete'] as const) {
      it(`${held ? 'is held' : 'is done'} where ${readers} receives it (${action})`, () => {
        expect(heldOf(decision(action, rests), readers)).to.deep.equal(held);
      });
    }
    it(`is not meant where nothing was announced, and ${readers} receives it`, () => {
      expect(heldOf(decision('deactivate'), readers)).to.equal(undefined);
      expect(heldOf(decision('replace'), readers)).to.equal(undefined);
      expect(heldOf(decision('wait', rests), readers)).to.equal(undefined);
    });
  }

  it('is held by the mode first', () => {
    expect(heldOf(decision('delete', rests), 'nobody', 'audit')?.by).to.equal('mode');
  });

  it('does not count for a limit where it is held for want of readers', () => {
    const decisions = many('deactivate', 9).map((one) => ({ ...one, ...rests }));
    const limits = { ...BOUNDLESS, maxDeactivations: { count: 2 } };
    expect(
      new Set(heldBy(plan(decisions, may('enforce', limits, 9, { readers: 'nobody' })), 'deactivate')),
    ).to.deep.equal(new Set(['readers']));
  });
});

describe('what a person has accepted over a limit', () => {
  const ids = (count: number) => new Set(many('deactivate', count).map(({ key: { id } }) => id));
  const limits = { ...BOUNDLESS, maxDeactivations: { count: 5 } };
  const accepting = (count: number) =>
    may('enforce', limits, 9, { accepted: new Map([['deactivations', ids(count)]]) });

  it('is done, and one more that came since is held', () => {
    const planned = plan(many('deactivate', 32), accepting(31));
    expect(planned.filter(({ held }) => held === undefined)).to.have.lengthOf(31);
    expect(planned[31]?.held).to.deep.equal({
      by: 'limit',
      why: '32 keys of this account would be deactivated in one run, and the limit is 5; only the 31 that were accepted are',
    });
  });

  it('does not hold what is below the limit', () => {
    expect(new Set(heldBy(plan(many('deactivate', 5), accepting(2)), 'deactivate'))).to.deep.equal(
      new Set(['nothing']),
    );
  });

  it('is of one kind', () => {
    const both = { maxDeactivations: { count: 0 }, maxDeletions: { count: 0 } };
    const accepted = new Map([['deactivations' as const, ids(2)]]);
    const planned = plan(
      [...many('delete', 1), ...many('deactivate', 2)],
      may('enforce', both, 9, { accepted }),
    );
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['limit', undefined, undefined]);
  });

  it('does not loosen a mode', () => {
    const planned = plan(many('deactivate', 9), { ...accepting(9), mode: 'replace-only' });
    expect(new Set(heldBy(planned, 'deactivate'))).to.deep.equal(new Set(['mode']));
  });
});

describe('maxReplacements', () => {
  for (const [most, held] of [
    [undefined, ['nothing', 'nothing', 'nothing']],
    [3, ['nothing', 'nothing', 'nothing']],
    [2, ['limit', 'nothing', 'nothing']],
    [1, ['limit', 'limit', 'nothing']],
    [0, ['limit', 'limit', 'limit']],
  ] as const) {
    it(`of ${most ?? 'nothing said'} holds ${held.filter((by) => by === 'limit').length} of 3, the youngest`, () => {
      const limits = { ...BOUNDLESS, ...(most === undefined ? {} : { maxReplacements: most }) };
      expect(heldBy(plan(many('replace', 3), may('enforce', limits, 9)), 'replace')).to.deep.equal(held);
    });
  }

  it('says so', () => {
    const limits = { ...BOUNDLESS, maxReplacements: 1 };
    expect(plan(many('replace', 2), may('enforce', limits, 9))[0]?.held?.why).to.equal(
      'no more than 1 key of this account is replaced in one run, the oldest first',
    );
  });
});

describe('the limit of the whole organization', () => {
  const cutOff = (id: string, reason: Reason, noticeFor: number) =>
    decision('deactivate', {
      reason,
      key: key({ id }),
      notice: { about: 'deadline', date: T0 - noticeFor },
    });
  const planned = plan(
    [
      cutOff('late', 'deadline', days(1)),
      cutOff('moved', 'moved', 0),
      cutOff('early', 'least-recently-used', days(9)),
      cutOff('unused', 'unused', days(20)),
      cutOff('middle', 'deadline', days(5)),
      decision('replace'),
    ],
    may('enforce', BOUNDLESS, 99),
  );
  const idsOf = (of: ReturnType<typeof plan>) => of.map(({ decision: { key: found } }) => found.id);

  it('counts what is cut off by a date, the longest announced first', () => {
    expect(idsOf(cutOffByDate(planned))).to.deep.equal(['early', 'middle', 'late']);
  });

  for (const [granted, held] of [
    [0, ['late', 'early', 'middle']],
    [1, ['late', 'middle']],
    [2, ['late']],
    [3, []],
  ] as const) {
    it(`holds ${held.length} of 3 where ${granted} are granted`, () => {
      const after = holdOverOrganizationLimit(planned, granted, 25);
      expect(idsOf(after.filter((one) => one.held?.by === 'organization-limit'))).to.deep.equal(held);
      expect(idsOf(after)).to.deep.equal(idsOf(planned));
    });
  }

  it('does not count what is held already', () => {
    const audited = plan(
      planned.map((one) => one.decision),
      may('audit', BOUNDLESS, 99),
    );
    expect(cutOffByDate(audited)).to.deep.equal([]);
    expect(holdOverOrganizationLimit(audited, 0, 25)).to.deep.equal(audited);
  });

  it('says that the next runs come to the others', () => {
    expect(holdOverOrganizationLimit(planned, 0, 25)[0]?.held?.why).to.equal(
      'no more than 25 keys of the whole organization are deactivated at a deadline in one run; the next runs come to the others',
    );
  });
});

describe('a replacement whose place is not freed', () => {
  const bothOf = (userName: string) => [
    decision('delete', { userName, key: key({ id: `${userName}-old`, status: 'inactive' }) }),
    decision('replace', { userName }),
  ];

  it('is held with the deletion the mode holds', () => {
    const planned = plan(bothOf('ann'), may('replace-only', BOUNDLESS, 9));
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', 'place']);
    expect(planned[1]?.held?.why).to.equal('ann-old takes the second place and its deletion is held back');
  });

  it('is held with the deletion the limit holds', () => {
    const planned = plan(bothOf('ann'), may('enforce', { ...BOUNDLESS, maxDeletions: { count: 0 } }, 9));
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['limit', 'place']);
  });

  it('is held by the mode where the mode holds both', () => {
    const planned = plan(bothOf('ann'), may('audit', BOUNDLESS, 9));
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', 'mode']);
  });

  it('is let through with the deletion', () => {
    const planned = plan(bothOf('ann'), may('enforce', BOUNDLESS, 9));
    expect(planned.map(({ held }) => held)).to.deep.equal([undefined, undefined]);
  });

  it('does not hold the replacement of somebody else', () => {
    const [deletion] = bothOf('ann');
    const [, replacement] = bothOf('bob');
    const planned = plan([deletion!, replacement!], may('replace-only', BOUNDLESS, 9));
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', undefined]);
  });
});
