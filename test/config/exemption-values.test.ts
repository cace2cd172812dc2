import { expect } from 'chai';
import { endedExemptions } from '../../src/config/read-values.ts';
import { NOW, problemsIn, valuesOf } from './written.ts';

const MAY = { owner: 'Ann', reason: 'moves', until: '2027-05-31' };
const LINE = (most: number) => `must be a text of 1 to ${most} characters on one line`;
const DATE = 'must be a date like 2027-01-31 (which begins at midnight UTC), or one with a time and its zone';
const without = (name: keyof typeof MAY) =>
  Object.fromEntries(Object.entries(MAY).filter(([one]) => one !== name));

describe('an exemption is refused', () => {
  const LINES: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['without an owner', without('owner'), [`exemption.owner: is missing; ${LINE(256)}`]],
    ['without a reason', without('reason'), [`exemption.reason: is missing; ${LINE(500)}`]],
    ['without an end', without('until'), [`exemption.until: is missing; ${DATE}`]],
    ['with a blank owner', { ...MAY, owner: ' ' }, [`exemption.owner: ${LINE(256)}, not " "`]],
    [
      'with a reason of two lines',
      { ...MAY, reason: 'a\nb' },
      [`exemption.reason: ${LINE(500)}, not "a\\nb"`],
    ],
    [
      'with a day that there is not',
      { ...MAY, until: '2027-02-29' },
      [`exemption.until: ${DATE}, not "2027-02-29"`],
    ],
    [
      'with a day written otherwise',
      { ...MAY, until: '31.5.2027' },
      [`exemption.until: ${DATE}, not "31.5.2027"`],
    ],
    [
      'with a time without its zone',
      { ...MAY, until: '2027-05-31T12:00:00' },
      [`exemption.until: ${DATE}, not "2027-05-31T12:00:00"`],
    ],
    ['with a number as its end', { ...MAY, until: 1811721600 }, [`exemption.until: ${DATE}, not 1811721600`]],
    [
      'with users',
      { ...MAY, users: ['x'] },
      ['exemption.users: no such field; there are owner, reason, until'],
    ],
    [
      'with a slip of the pen',
      { ...without('until'), untill: '2027-05-31' },
      [`exemption.until: is missing; ${DATE}`, 'exemption.untill: no such field; did you mean until?'],
    ],
    [
      'that is a text',
      'forever',
      ['exemption: must be an exemption: owner, reason and until, not "forever"'],
    ],
  ];
  for (const [title, exemption, problems] of LINES) {
    it(title, () => expect(problemsIn({ exemption }, 'user')).to.deep.equal(problems));
  }

  it('with all its problems at once', () => {
    expect(problemsIn({ exemption: {} }, 'user').map((problem) => problem.split(':')[0])).to.deep.equal([
      'exemption.owner',
      'exemption.reason',
      'exemption.until',
    ]);
    const rules = [
      { ...MAY, users: [] },
      { ...MAY, users: ['a b', 'name:x'], owner: 7 },
    ];
    expect(problemsIn({ exemptions: rules })).to.deep.equal([
      'exemptions.0.users: must name users, not []',
      'exemptions.1.users.0: must be like name:svc-*, path:/service/, group:ci or tag:rotate=yes, not "a b"',
      `exemptions.1.owner: ${LINE(256)}, not 7`,
    ]);
  });
});

describe('an exemption ends at most a year from now:', () => {
  for (const [until, right] of [
    ['2027-11-26', true],
    ['2027-11-26T12:00:00Z', true],
    ['2027-11-26T12:00:00.001Z', false],
    ['2027-11-27', false],
    ['2100-01-01', false],
  ] as const) {
    it(`${until} is ${right ? 'right' : 'too late'}`, () => {
      const late = 'must be at most a year (366 days) from now, 2027-11-26, not';
      const expected = right ? [] : [`exemption.until: ${late} ${until.slice(0, 10)}`];
      expect(problemsIn({ exemption: { ...MAY, until } }, 'user')).to.deep.equal(expected);
      const rules = problemsIn({
        exemptions: [
          { ...MAY, users: ['x'] },
          { ...MAY, users: ['y'], until },
        ],
      });
      expect(rules).to.deep.equal(expected.map((one) => one.replace('exemption.', 'exemptions.1.')));
    });
  }
});

describe('an exemption that has ended', () => {
  const ended = { ...MAY, until: '2026-11-25' };
  const rules = (...list: readonly object[]) =>
    valuesOf({ exemptions: list.map((one) => ({ ...one, users: ['x'] })) }).values;
  it('may stay where it is', () => {
    expect(problemsIn({ exemption: ended }, 'user')).to.deep.equal([]);
    expect(endedExemptions(rules(MAY, ended), rules(ended), NOW)).to.deep.equal([]);
  });
  for (const [title, before] of [
    ['where there was none', {}],
    ['where there was another', rules({ ...ended, owner: 'Bob' })],
    ['where it ended otherwise', rules(MAY)],
  ] as const) {
    it(`may not be set ${title}`, () => {
      expect(endedExemptions(rules(MAY, ended), before, NOW)).to.deep.equal([
        'exemptions.1.until: must be after now, 2026-11-25, not 2026-11-25',
      ]);
    });
  }
  for (const [until, problems] of [
    ['2026-11-25T11:59:59.999Z', 1],
    ['2026-11-25T12:00:00Z', 1],
    ['2026-11-25T12:00:00.001Z', 0],
  ] as const) {
    it(`${problems === 0 ? 'is none yet' : 'is one'} when it ends at ${until}`, () => {
      expect(endedExemptions(rules({ ...MAY, until }), {}, NOW)).to.have.length(problems);
    });
  }
  it('is one for users too', () => {
    const user = valuesOf({ exemption: ended }, 'user').values;
    expect(endedExemptions(user, {}, NOW)).to.deep.equal([
      'exemption.until: must be after now, 2026-11-25, not 2026-11-25',
    ]);
    expect(endedExemptions(user, user, NOW)).to.deep.equal([]);
  });
});

describe('whoever can set tags or groups can exempt nobody', () => {
  const exempting = (...users: readonly string[]) => ({ exemptions: [{ ...MAY, users }] });
  for (const level of ['organizational-unit', 'account'] as const) {
    it(`by a rule for an ${level.replace('-', ' ')}`, () => {
      expect(problemsIn(exempting('name:x', 'tag:exempt', 'path:/x/', 'group:CI'), level)).to.deep.equal(
        ['tag:exempt', 'group:CI'].map(
          (selector) =>
            `exemptions.0.users: ${selector} can be used for the organization only: whoever can set a tag or a group could exempt himself`,
        ),
      );
      expect(problemsIn(exempting('name:x', 'path:/x/'), level)).to.deep.equal([]);
    });
  }
  it('unless the organization names them', () => {
    expect(problemsIn(exempting('tag:exempt', 'group:ci'), 'organization')).to.deep.equal([]);
  });
  it('but they may decide who is covered', () => {
    expect(problemsIn({ includeUsers: ['tag:rotate', 'group:ci'] }, 'account')).to.deep.equal([]);
  });
});
