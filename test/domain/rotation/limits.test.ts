import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import type { Action } from '../../../src/domain/rotation/decision.ts';
import {
  allows,
  DEFAULT_LIMIT,
  givesNotices,
  limitFor,
  MODES,
  plan,
  type Limit,
  type Limits,
  type Mode,
} from '../../../src/domain/rotation/limits.ts';
import { decision, key } from '../../support/builders.ts';

const BOUNDLESS: Limits = { maxDeactivations: { count: 1_000 }, maxDeletions: { count: 1_000 } };

/** So many decisions of a kind, each about a user of its own. */
const many = (action: Action, count: number) =>
  Array.from({ length: count }, (_, index) => decision(action, { userName: `${action}-${index}` }));

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
      const may = ALLOWED[mode].includes(action);
      it(`${mode} ${may ? 'lets through' : 'holds'} ${action}`, () => {
        const [planned] = plan([decision(action)], mode, BOUNDLESS, 100);
        expect(allows(mode, action)).to.equal(may);
        expect(planned?.held).to.deep.equal(
          may ? undefined : { by: 'mode', why: `mode ${mode} does not ${action}` },
        );
      });
    }
    for (const action of OTHERS) {
      it(`${mode} has nothing to hold of ${action}`, () => {
        const only = decision(action);
        expect(plan([only], mode, BOUNDLESS, 100)).to.deep.equal([{ decision: only }]);
      });
    }
  }

  it('give notices where the deactivation may follow, and nowhere else', () => {
    expect(MODES.filter(givesNotices)).to.deep.equal(['no-delete', 'enforce']);
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
      const held = (count: number) => heldBy(plan(many(action, count), 'enforce', limits, keys), action);
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
      'enforce',
      { maxDeactivations: { count: 2 }, maxDeletions: { count: 2 } },
      100,
    );
    expect(heldBy(planned, 'deactivate')).to.deep.equal(['limit', 'limit', 'limit']);
    expect(heldBy(planned, 'delete')).to.deep.equal(['nothing', 'nothing']);
    expect(new Set(heldBy(planned, 'replace'))).to.deep.equal(new Set(['nothing']));
  });

  it('leave to the mode what the mode holds', () => {
    const planned = plan(many('delete', 3), 'no-delete', { ...BOUNDLESS, maxDeletions: { count: 1 } }, 100);
    expect(heldBy(planned, 'delete')).to.deep.equal(['mode', 'mode', 'mode']);
  });

  it('say how many it would have been', () => {
    const [first] = plan(
      many('deactivate', 4),
      'enforce',
      { ...BOUNDLESS, maxDeactivations: { count: 3 } },
      9,
    );
    expect(first?.held?.why).to.equal(
      '4 keys of this account would be deactivated in one run, and the limit is 3; none was',
    );
  });

  it('keep every decision, in its order', () => {
    const decisions = [...many('delete', 2), ...many('wait', 1), ...many('replace', 2)];
    const planned = plan(decisions, 'audit', BOUNDLESS, 9);
    expect(planned.map((one) => one.decision)).to.deep.equal(decisions);
  });
});

const atTheDeadline = (): Decision =>
  decision('deactivate', { reason: 'replaced-deadline', key: key({ id: 'OLD', lastUsed: days(2) }) });

describe('a key whose owner works with the other one by now', () => {
  const pair = (action: 'deactivate' | 'delete', usedAgo: number, other: Partial<Decision> = {}) => [
    decision(action, { reason: 'replaced', key: key({ id: 'OLD', lastUsed: days(20) }) }),
    decision('keep', { key: key({ id: 'NEW', lastUsed: days(usedAgo) }), ...other }),
  ];
  const none = { maxDeactivations: { count: 0 }, maxDeletions: { count: 0 } };
  const heldOf = (decisions: readonly Decision[]) => plan(decisions, 'enforce', none, 9)[0]?.held?.by;

  for (const action of ['deactivate', 'delete'] as const) {
    it(`is not held by the limit, and does not count (${action})`, () => {
      expect(heldOf(pair(action, 1))).to.equal(undefined);
      const decisions = [...pair(action, 1), ...many(action, 1)];
      const one = { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 } };
      expect(plan(decisions, 'enforce', one, 9).map(({ held }) => held)).to.deep.equal([
        undefined,
        undefined,
        undefined,
      ]);
    });
  }

  const COUNTED: readonly (readonly [string, readonly Decision[]])[] = [
    ['the other key was used before it', pair('deactivate', 30)],
    ['the other key was never used', pair('deactivate', 0, { key: key({ id: 'NEW', lastUsed: 'never' }) })],
    ['that is not known', pair('deactivate', 0, { key: key({ id: 'NEW', lastUsed: 'unknown' }) })],
    ['the other key is off', pair('deactivate', 1, { key: key({ id: 'NEW', status: 'inactive' }) })],
    ['the other key goes, too', pair('deactivate', 1, { action: 'deactivate' })],
    ['the other key is another user’s', pair('deactivate', 1, { userName: 'bob' })],
    ['it is still in use at its deadline', pair('deactivate', 1).with(0, atTheDeadline())],
  ];
  for (const [when, decisions] of COUNTED) {
    it(`counts when ${when}`, () => {
      expect(heldOf(decisions)).to.equal('limit');
    });
  }
});

describe('a replacement whose place is not freed', () => {
  const bothOf = (userName: string) => [
    decision('delete', { userName, key: key({ id: `${userName}-old`, status: 'inactive' }) }),
    decision('replace', { userName }),
  ];

  it('is held with the deletion the mode holds', () => {
    const planned = plan(bothOf('ann'), 'replace-only', BOUNDLESS, 9);
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', 'place']);
    expect(planned[1]?.held?.why).to.equal('ann-old takes the second place and its deletion is held back');
  });

  it('is held with the deletion the limit holds', () => {
    const planned = plan(bothOf('ann'), 'enforce', { ...BOUNDLESS, maxDeletions: { count: 0 } }, 9);
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['limit', 'place']);
  });

  it('is held by the mode where the mode holds both', () => {
    const planned = plan(bothOf('ann'), 'audit', BOUNDLESS, 9);
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', 'mode']);
  });

  it('is let through with the deletion', () => {
    const planned = plan(bothOf('ann'), 'enforce', BOUNDLESS, 9);
    expect(planned.map(({ held }) => held)).to.deep.equal([undefined, undefined]);
  });

  it('does not hold the replacement of somebody else', () => {
    const [deletion] = bothOf('ann');
    const [, replacement] = bothOf('bob');
    const planned = plan([deletion!, replacement!], 'replace-only', BOUNDLESS, 9);
    expect(planned.map(({ held }) => held?.by)).to.deep.equal(['mode', undefined]);
  });
});
