import { expect } from 'chai';
import { LEVELS_OF, SETTING_NAMES } from '../../../src/domain/settings/setting.ts';
import { formatSetting } from '../../../src/domain/settings/resolve.ts';
import { layer, problemsOf, rule, resolvedFrom, TWO } from './layers.ts';

describe('what is final', () => {
  it('may be said again', () => {
    const wide = layer('organization', { rotateAfter: 50 }, ['rotateAfter']);
    const { values, sources } = resolvedFrom(wide, layer('account', { rotateAfter: 50 }));
    expect([values.rotateAfter, sources.rotateAfter]).to.deep.equal([50, 'account']);
  });

  for (const name of SETTING_NAMES) {
    const [first, second] = TWO[name];
    const narrow = LEVELS_OF[name].at(-1) ?? 'user';
    if (narrow === 'organization') continue;
    it(`may not be set to anything else: ${name}`, () => {
      const value = name === 'exemption' ? {} : { [name]: first };
      const problems = problemsOf(layer('organization', value, [name]), layer(narrow, { [name]: second }));
      expect(problems).to.have.length(1);
      expect(problems[0])
        .to.match(new RegExp(`^${name}: ${narrow} sets .+, but organization sets .+ as final; leave it out`))
        .and.to.contain(formatSetting(second));
    });
  }

  it('may be what a wider level has set', () => {
    const problems = problemsOf(
      layer('environment', { rotateAfter: 50 }),
      layer('organization', {}, ['rotateAfter']),
      layer('account', { rotateAfter: 40 }),
    );
    expect(problems).to.deep.equal([
      'rotateAfter: account sets 40, but organization sets 50 as final; leave it out of account, or make it no longer final',
    ]);
  });

  it('may be what nobody has set', () => {
    const problems = problemsOf(
      layer('organization', {}, ['exemption']),
      layer('user', { exemption: rule('x') }),
    );
    expect(problems[0]).to.contain('but organization sets nothing as final');
  });

  it('binds what is narrower, not what is wider', () => {
    expect(
      problemsOf(layer('organization', { owner: 'A' }), layer('account', { owner: 'B' }, ['owner'])),
    ).to.deep.equal([]);
  });

  it('stays so whatever lies between says', () => {
    const problems = problemsOf(
      layer('organization', { rotateAfter: 50 }, ['rotateAfter']),
      layer('organizational-unit', { rotateAfter: 50 }, ['rotateAfter']),
      layer('account', { rotateAfter: 40 }),
    );
    expect(problems[0]).to.contain('organization sets 50');
  });
});
