import { expect } from 'chai';
import fc from 'fast-check';
import { encodeUserName, secretNameOf, userNameOf } from '../../src/domain/secret-name.ts';

const CHARACTERS = 'ABCXYZabcxyz0129_+=,.@-'.split(/(?!^)/);
const userName = fc
  .array(
    // `2` and `C` often next to `,` and each other: what could be mistaken for an encoded comma.
    fc.oneof(fc.constantFrom(',', '2', 'C', '2C'), fc.constantFrom(...CHARACTERS)),
    { minLength: 1, maxLength: 64 },
  )
  .map((parts) => parts.join('').slice(0, 64));

describe('the name of a secret', () => {
  for (const [user, secret] of [
    ['ann', 'access-key-rotation/ann'],
    ['ann@example.com', 'access-key-rotation/ann@example.com'],
    ['a,b', 'access-key-rotation/a/2Cb'],
    [',,', 'access-key-rotation//2C/2C'],
    ['a2Cb', 'access-key-rotation/a2Cb'],
  ] as const) {
    it(`of the user ${user} is ${secret}`, () => {
      expect(secretNameOf(user)).to.equal(secret);
    });
  }

  it('leads back to the user', () => {
    fc.assert(fc.property(userName, (name) => userNameOf(secretNameOf(name)) === name));
  });

  it('is never shared by two users', () => {
    fc.assert(
      fc.property(userName, userName, (one, other) => {
        fc.pre(one !== other);
        return secretNameOf(one) !== secretNameOf(other) && encodeUserName(one) !== encodeUserName(other);
      }),
      { numRuns: 500 },
    );
  });

  it('holds only what Secrets Manager allows', () => {
    fc.assert(fc.property(userName, (name) => /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(secretNameOf(name))));
  });

  it('is short enough for 64 characters that are all encoded', () => {
    expect(secretNameOf(','.repeat(64))).to.have.length.at.most(512);
  });

  it('leads to nobody when it is not one of ours', () => {
    expect(userNameOf('database/ann')).to.equal(undefined);
  });
});
