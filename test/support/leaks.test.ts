import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { leaksIn } from './leaks.ts';

const CANARY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

describe('the search for secrets', () => {
  const DISGUISES: Readonly<Record<string, (secret: string) => string>> = {
    'as it is': (secret) => secret,
    'in JSON': (secret) => JSON.stringify({ secret }),
    'in JSON within JSON': (secret) => JSON.stringify({ body: JSON.stringify({ secret }) }),
    'in JSON with escaped slashes': (secret) => JSON.stringify({ secret }).replaceAll('/', '\\/'),
    'in a URL': (secret) => new URLSearchParams({ secret }).toString(),
    'in a URL within a URL': (secret) => encodeURIComponent(encodeURIComponent(secret)),
    'in a URL in lower case': (secret) =>
      encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    'in base64': (secret) => Buffer.from(secret).toString('base64'),
    'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
    'in base64 after one character': (secret) => Buffer.from(`:${secret}:`).toString('base64'),
    'in base64 behind two': (secret) => Buffer.from(`::${secret}::`).toString('base64'),
    'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
    'as character references': (secret) =>
      Array.from(secret, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
    'as escapes of Unicode': (secret) =>
      Array.from(secret, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'in an error': (secret) => inspect(new Error(secret)),
    'in the cause of a cause': (secret) =>
      inspect(new Error('a', { cause: new Error('b', { cause: new Error(secret) }) }), { depth: null }),
    'in what an error hides': (secret) =>
      inspect(Object.defineProperty(new Error('a'), '$body', { value: secret }), { showHidden: true }),
  };
  for (const [title, disguise] of Object.entries(DISGUISES)) {
    it(`finds one ${title}`, () => {
      const said = [
        ['here', `some text ${disguise(CANARY)} and more`],
        ['there', 'nothing'],
      ] as const;
      expect(leaksIn(said, ['another one', CANARY])).to.deep.equal(['here']);
    });
  }

  it('finds any, wherever it is', () => {
    const alphabet = Array.from('ABCXYZabcxyz019+/');
    const secrets = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 40, maxLength: 40 });
    const disguises = fc.constantFrom(...Object.values(DISGUISES));
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), disguises, (secret, before, after, disguise) => {
        expect(leaksIn([['here', `${before} ${disguise(secret)} ${after}`]], [secret])).to.deep.equal([
          'here',
        ]);
      }),
    );
  });

  it('finds none where there is none', () => {
    expect(leaksIn([['here', `${CANARY.slice(1)} ${CANARY.slice(0, -1)}`]], [CANARY])).to.deep.equal([]);
  });
});
