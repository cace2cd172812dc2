import { expect } from 'chai';
import fc from 'fast-check';
import { redact } from '../../../src/aws/secret/redact.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const ACTION = 'secretsmanager:PutSecretValue';

const said = (message: string, secret = SECRET): string =>
  redact(Object.assign(new Error(message), { name: 'Refused' }), secret, ACTION).failure.message;

describe('the refusal of a call that sent a secret', () => {
  const TABLE: readonly (readonly [string, string, string])[] = [
    ['repeats it', `no: ${SECRET}`, 'Refused: no: [secret]'],
    ['repeats it twice', `${SECRET}${SECRET}!`, 'Refused: [secret][secret]!'],
    ['repeats it as it was sent', `Key=${encodeURIComponent(SECRET)}&x`, 'Refused: Key=[secret]&x'],
    ['is cut off in it', `no: ${SECRET.slice(0, 38)}...`, 'Refused: no: [secret]...'],
    ['begins in it', `...${SECRET.slice(2)} is too long`, 'Refused: ...[secret] is too long'],
    ['hides its middle', `${SECRET.slice(0, 8)}****${SECRET.slice(-8)}`, 'Refused: [secret]****[secret]'],
    ['says nothing of it', 'Access to KMS is not allowed', 'Refused: Access to KMS is not allowed'],
  ];
  for (const [title, message, expected] of TABLE) {
    it(`tells none of it where the service ${title}`, () => {
      expect(said(message)).to.equal(expected);
    });
  }

  it('is all there where there is no secret', () => {
    expect(said('no', '')).to.equal('Refused: no');
  });

  it('holds no six characters of it, whatever the service says', () => {
    const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
    const secrets = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 40, maxLength: 40 });
    const piece = fc.tuple(fc.nat(40), fc.nat(40));
    const around = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(secrets, fc.array(fc.tuple(piece, around), { maxLength: 5 }), (secret, parts) => {
        const message = parts.map(([[from, to], text]) => secret.slice(from, to) + text).join('');
        const found = said(message, secret).replaceAll('[secret]', '|');
        for (let from = 0; from + 6 <= secret.length; from++) {
          expect(found).not.to.include(secret.slice(from, from + 6));
        }
      }),
    );
  });
});
