import { expect } from 'chai';
import { LEVELS, LEVELS_OF, SETTING_NAMES, type Layer } from '../../../src/domain/settings/setting.ts';
import { DEFAULTS, layer, rule, resolvedFrom, TWO } from './layers.ts';

describe('of two levels that set the same, the narrower one wins:', () => {
  for (const name of SETTING_NAMES.filter((one) => one !== 'exemptions')) {
    const levels = LEVELS_OF[name].filter((level) => level !== 'default');
    for (const [index, wide] of levels.entries()) {
      const [first, second] = TWO[name];
      it(`${name}, set for the ${wide} alone`, () => {
        const { values, sources } = resolvedFrom(layer(wide, { [name]: first }));
        expect(values[name]).to.deep.equal(first);
        expect(sources[name]).to.equal(wide);
      });
      for (const narrow of levels.slice(index + 1)) {
        it(`${name}, ${narrow} before ${wide}`, () => {
          const { values, sources } = resolvedFrom(
            layer(wide, { [name]: first }),
            layer(narrow, { [name]: second }),
          );
          expect(values[name]).to.deep.equal(second);
          expect(sources[name]).to.equal(narrow);
        });
      }
    }
  }

  it('the nearer of two units', () => {
    const unit = 'organizational-unit';
    const { values, sources } = resolvedFrom(
      layer(unit, { rotateAfter: 50, owner: 'Root' }, [], 'unit r-1'),
      layer(unit, { rotateAfter: 40 }, [], 'unit ou-1'),
    );
    expect([values.rotateAfter, sources.rotateAfter]).to.deep.equal([40, 'unit ou-1']);
    expect([values.owner, sources.owner]).to.deep.equal(['Root', 'unit r-1']);
  });
});

describe('every value says where it comes from:', () => {
  it('the default, where nobody has set anything', () => {
    const { values, sources } = resolvedFrom();
    expect(values).to.deep.equal(DEFAULTS);
    expect(new Set(Object.values(sources))).to.deep.equal(new Set(['default']));
    expect(Object.keys(sources)).to.have.members(Object.keys(DEFAULTS));
  });

  it('its own name, where the layer has one for it', () => {
    const environment: Layer = {
      ...layer('environment', { mode: 'no-delete', rotateAfter: 50 }),
      nameOf: { mode: 'ROTATION_MODE' },
    };
    const { sources } = resolvedFrom(environment);
    expect(sources).to.include({ mode: 'ROTATION_MODE', rotateAfter: 'environment', deleteAfter: 'default' });
  });

  it('no level takes part that sets nothing', () => {
    const empty = LEVELS.slice(1).map((level) => layer(level, {}));
    expect(resolvedFrom(...empty)).to.deep.equal(resolvedFrom());
  });
});

describe('exemptions of all levels add up', () => {
  const [wide, narrow] = [rule('wide'), rule('narrow')];
  it('and name all their sources', () => {
    const { values, sources } = resolvedFrom(
      layer('organization', { exemptions: [wide] }),
      layer('organizational-unit', {}),
      layer('account', { exemptions: [narrow] }),
    );
    expect(values.exemptions).to.deep.equal([wide, narrow]);
    expect(sources.exemptions).to.equal('organization and account');
  });
  it('an empty list takes nothing away', () => {
    const { values } = resolvedFrom(
      layer('organization', { exemptions: [wide] }),
      layer('account', { exemptions: [] }),
    );
    expect(values.exemptions).to.deep.equal([wide]);
  });
  it('the one level that has some is their source', () => {
    const { sources } = resolvedFrom(layer('account', { exemptions: [narrow] }));
    expect(sources.exemptions).to.equal('account');
  });
});
