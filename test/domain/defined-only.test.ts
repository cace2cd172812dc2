import { expect } from 'chai';
import { definedOnly } from '../../src/domain/defined-only.ts';

describe('an object without what is undefined', () => {
  for (const [title, source, expected] of [
    ['nothing of an empty object', {}, {}],
    ['what is defined', { a: 1, b: undefined, c: 'x' }, { a: 1, c: 'x' }],
    ['values that are only falsy', { a: null, b: 0, c: '', d: false }, { a: null, b: 0, c: '', d: false }],
    ['what is inside of a value, as it is', { a: { b: undefined } }, { a: { b: undefined } }],
    ['a key called __proto__', { ['__proto__']: 'x', a: undefined }, { ['__proto__']: 'x' }],
  ] as const) {
    it(`keeps ${title}`, () => {
      const kept = definedOnly(source);
      expect(Object.entries(kept)).to.deep.equal(Object.entries(expected));
    });
  }

  it('leaves its source alone', () => {
    const source = { a: 1, b: undefined };
    definedOnly(source);
    expect(source).to.have.all.keys('a', 'b');
  });

  it('has a type that fits exact optional properties', () => {
    interface Target {
      readonly name: string;
      readonly region?: string;
    }
    const region: string | undefined = [undefined, 'eu-west-1'][0];
    const target: Target = definedOnly({ name: 'ann', region });
    expect(target).to.deep.equal({ name: 'ann' });
  });
});
