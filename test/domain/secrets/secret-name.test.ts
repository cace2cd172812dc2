import { expect } from 'chai';
import fc from 'fast-check';
import {
  centralSecretNameOf,
  encodeUserName,
  isSecretId,
  regionOfSecret,
  secretNameOf,
  userNameOf,
} from '../../../src/domain/secrets/secret-name.ts';

const CHARACTERS = 'ABCXYZabcxyz0129_+=,.@-'.split(/(?!^)/);
const userName = fc
  .array(
    // `2` and `C` often next to `,` and each other: what could be mistaken for an encoded comma.
    fc.oneof(fc.constantFrom(',', '2', 'C', '2C'), fc.constantFrom(...CHARACTERS)),
    { minLength: 1, maxLength: 64 },
  )
  .map((parts) => parts.join('').slice(0, 64));

/** Ids that look most like an encoded comma are among them. */
const accountId = fc.oneof(fc.constant('222222222222'), fc.stringMatching(/^[0-9]{12}$/));

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

describe('the name of a central secret', () => {
  it('holds account and user', () => {
    expect(centralSecretNameOf('111122223333', 'a,b')).to.equal(
      'access-key-rotation/central/111122223333/a/2Cb',
    );
  });

  it('is the name of no secret that a user has in its own account', () => {
    fc.assert(
      fc.property(accountId, userName, userName, (id, name, other) => {
        expect(userNameOf(centralSecretNameOf(id, name))).to.equal(undefined);
        expect(centralSecretNameOf(id, name)).not.to.equal(secretNameOf(other));
      }),
      { numRuns: 500 },
    );
  });

  it('is never shared by two users, of whatever accounts', () => {
    fc.assert(
      fc.property(accountId, userName, accountId, userName, (id, name, otherId, otherName) => {
        fc.pre(id !== otherId || name !== otherName);
        return centralSecretNameOf(id, name) !== centralSecretNameOf(otherId, otherName);
      }),
      { numRuns: 500 },
    );
  });

  it('holds only what Secrets Manager allows, however long the name of the user', () => {
    fc.assert(
      fc.property(accountId, userName, (id, name) =>
        /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(centralSecretNameOf(id, name)),
      ),
    );
    expect(centralSecretNameOf('111122223333', ','.repeat(64))).to.have.length.at.most(512);
  });
});

describe('what names a secret', () => {
  const arn =
    'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:access-key-rotation/central/1/a-AbCdEf';
  for (const [id, good, region] of [
    [arn, true, 'cn-north-1'],
    ['access-key-rotation/a/2Cb', true, undefined],
    ['arn:aws:s3:::bucket', false, undefined],
    [arn.replace('111122223333', '1111'), false, undefined],
    [arn.replace('secretsmanager', 'ssm'), false, undefined],
    [`${arn} `, false, undefined],
    ['', false, undefined],
    ['a,b', false, undefined],
    ['x'.repeat(513), false, undefined],
  ] as const) {
    it(`${good ? 'may' : "can't"} be ${id.length < 100 ? JSON.stringify(id) : 'a very long name'}`, () => {
      expect([isSecretId(id), regionOfSecret(id)]).to.deep.equal([good, region]);
    });
  }
});
