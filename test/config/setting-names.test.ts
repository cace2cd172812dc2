import { expect } from 'chai';
import { nearest } from '../../src/config/nearest.ts';
import { FIELDS, namesFor } from '../../src/config/setting-schema.ts';
import { LEVELS_OF, SETTING_NAMES } from '../../src/domain/settings/setting.ts';
import { problemsIn, valuesOf } from './written.ts';

describe('a name that there is not', () => {
  for (const [name, says] of [
    ['rotateAftr', 'did you mean rotateAfter?'],
    ['RotateAfter', 'did you mean rotateAfter?'],
    ['rotate_after', 'did you mean rotateAfter?'],
    ['Mode', 'did you mean mode?'],
    ['exempton', 'did you mean exemptions?'],
    ['colour', `there are ${namesFor('organization').join(', ')}`],
    ['constructor', `there are ${namesFor('organization').join(', ')}`],
    ['users', `there are ${namesFor('organization').join(', ')}`],
  ] as const) {
    it(`${name}: ${says.slice(0, 50)}`, () => {
      expect(problemsIn({ [name]: 1 })).to.deep.equal([`${name}: no such setting; ${says}`]);
    });
  }
  it('is compared with what can be set there', () => {
    expect(problemsIn({ modee: 1 }, 'user')[0]).to.match(/there are rotateAfter, .+, owner$/);
  });
  for (const [name, known, expected] of [
    ['a', ['b', 'c'], 'b'],
    ['', ['abc'], undefined],
    ['abcdef', ['fedcba'], undefined],
    ['abcdefghi', ['abcxyzghi'], 'abcxyzghi'],
    ['x', [], undefined],
  ] as const) {
    it(`"${name}" is ${expected === undefined ? 'near nothing' : `nearest to ${expected}`} of ${known.join()}`, () => {
      expect(nearest(name, known)).to.equal(expected);
    });
  }
});

describe('a name that makes no sense there', () => {
  it('says where it does', () => {
    expect(problemsIn({ mode: 'audit' }, 'user')).to.deep.equal([
      "mode: can't be set for a user; only for the organization, an organizational unit, an account",
    ]);
  });
});

describe('final', () => {
  it('is a list of names, in the order of all settings', () => {
    const { final } = valuesOf({ owner: 'x', final: ['owner', 'rotateAfter', 'owner'] });
    expect(final).to.deep.equal(['rotateAfter', 'owner']);
  });
  it('is empty where it is not said', () => expect(valuesOf({}).final).to.deep.equal([]));
  for (const [final, level, problem] of [
    ['owner', 'organization', 'final: must be a list of names of settings, not "owner"'],
    [{ owner: true }, 'account', 'final: must be a list of names of settings, not {"owner":true}'],
    [['ownr'], 'account', 'final: ownr: no such setting; did you mean owner?'],
    [['owner'], 'user', "final: can't be set for a user; there is nothing narrower that it could bind"],
  ] as const) {
    it(`is refused: ${problem}`, () => expect(problemsIn({ final }, level)).to.deep.equal([problem]));
  }
  it('may name what can be set below only', () => {
    expect(problemsIn({ final: ['exemption'] })).to.deep.equal([]);
  });
});

describe('every setting', () => {
  it('says what it means, in which unit, and what is right', () => {
    for (const name of SETTING_NAMES) {
      expect(FIELDS[name].schema.description, name).to.match(/^[A-Z].+\.$/);
      expect(FIELDS[name].values, name).to.have.length.above(3);
      expect(/\(days\)/.test(FIELDS[name].schema.description ?? ''), name).to.equal(
        / days /.test(FIELDS[name].values),
      );
    }
  });
  it('is offered where it makes sense', () => {
    for (const level of ['organization', 'organizational-unit', 'account', 'user'] as const) {
      expect(namesFor(level)).to.deep.equal(SETTING_NAMES.filter((name) => LEVELS_OF[name].includes(level)));
    }
  });
});
