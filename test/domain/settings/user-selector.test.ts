import { expect } from 'chai';
import { describeSelector, selects, type UserFacts } from '../../../src/domain/settings/user-selector.ts';
import type { UserSelector } from '../../../src/domain/settings/setting.ts';

const ann: UserFacts = { userName: 'ann', path: '/' };
const at = (path: string): UserFacts => ({ userName: 'ann', path });
const named = (userName: string): UserFacts => ({ userName, path: '/' });
const tagged = (tags: Readonly<Record<string, string>>): UserFacts => ({ ...ann, tags });
const inGroups = (...groups: readonly string[]): UserFacts => ({ ...ann, groups });
const name = (pattern: string): UserSelector => ({ by: 'name', pattern });
const path = (of: string): UserSelector => ({ by: 'path', path: of });
const tag = (of: string, value?: string): UserSelector => ({
  by: 'tag',
  tag: of,
  ...(value === undefined ? {} : { value }),
});
const group = (of: string): UserSelector => ({ by: 'group', group: of });

const LINES: readonly (readonly [UserSelector, UserFacts, boolean])[] = [
  [name('ann'), named('ann'), true],
  [name('ann'), named('Ann'), true],
  [name('ANN'), named('ann'), true],
  [name('ann'), named('anna'), false],
  [name('ann'), named('joann'), false],
  [name('svc-*'), named('svc-ledger'), true],
  [name('svc-*'), named('svc-'), true],
  [name('svc-*'), named('my-svc-x'), false],
  [name('*svc*'), named('my-svc-x'), true],
  [name('svc-?'), named('svc-1'), true],
  [name('svc-?'), named('svc-12'), false],
  [name('*'), named('anyone'), true],
  // Every other character is itself.
  [name('a.b'), named('a.b'), true],
  [name('a.b'), named('axb'), false],
  [name('a+b'), named('a+b'), true],
  [name('a+b'), named('aab'), false],
  [name('a@b,c=d'), named('a@b,c=d'), true],
  [name('!a'), named('a'), false],
  [name('+a'), named('+A'), true],
  [name('a**'), named('ab'), true],
  [name('*'), named('..'), true],
  [name('?x'), named('.x'), true],
  [path('/service/'), at('/service/'), true],
  [path('/service/'), at('/service/ledger/'), true],
  [path('/service/'), at('/services/'), false],
  [path('/service/'), at('/'), false],
  [path('/service/'), at('/SERVICE/'), false],
  [path('/'), at('/service/'), true],
  [tag('rotate'), tagged({ rotate: '' }), true],
  [tag('rotate'), tagged({ rotate: 'no' }), true],
  [tag('rotate'), tagged({}), false],
  // IAM tells tags apart without regard to case, and values with it.
  [tag('rotate'), tagged({ Rotate: 'yes' }), true],
  [tag('rotate', 'yes'), tagged({ rotate: 'yes' }), true],
  [tag('rotate', 'yes'), tagged({ rotate: 'Yes' }), false],
  [tag('rotate', ''), tagged({ rotate: '' }), true],
  [tag('rotate', ''), tagged({ rotate: 'yes' }), false],
  // What every object has is nobody's tag.
  [tag('constructor'), tagged({}), false],
  [group('CI'), inGroups('ci'), true],
  [group('ci'), inGroups('other', 'ci'), true],
  [group('ci'), inGroups('ci-2'), false],
  [group('ci'), inGroups(), false],
];

describe('a selector means a user:', () => {
  for (const [selector, facts, expected] of LINES) {
    it(`${describeSelector(selector)} ${expected ? 'means' : "doesn't mean"} ${JSON.stringify(facts)}`, () => {
      expect(selects(selector, facts)).to.equal(expected);
    });
  }

  for (const pattern of ['*a*a*a*a*a*a*a*b', `${'*a'.repeat(63)}*b`, `${'?*'.repeat(60)}b`]) {
    it(`in milliseconds, even by name:${pattern}`, () => {
      const before = performance.now();
      expect(selects(name(pattern), named('a'.repeat(64)))).to.equal(false);
      expect(performance.now() - before).to.be.below(50);
    });
  }

  it('nothing is guessed about tags and groups that were not read', () => {
    expect(() => selects(tag('rotate'), ann)).to.throw('the tags of the user were not read');
    expect(() => selects(group('ci'), ann)).to.throw('the groups of the user were not read');
  });
});

describe('a selector is written', () => {
  for (const [selector, words] of [
    [name('svc-*'), 'name:svc-*'],
    [path('/service/'), 'path:/service/'],
    [group('CI'), 'group:CI'],
    [tag('rotate'), 'tag:rotate'],
    [tag('rotate', 'yes'), 'tag:rotate=yes'],
    [tag('rotate', ''), 'tag:rotate='],
  ] as const) {
    it(words, () => expect(describeSelector(selector)).to.equal(words));
  }
});
