import { expect } from 'chai';
import { whatBecameOf, type Became, type KeyFound } from '../../src/domain/begun-change.ts';
import type { KeyChange } from '../../src/domain/history.ts';
import { HOUR } from '../../src/domain/time.ts';
import { T0 } from '../support/builders.ts';

const begun = (what: KeyChange['what']): KeyChange => ({
  what,
  at: T0,
  runId: 'run-1',
  by: 'arn:aws:iam::123456789012:role/rotation',
  userName: 'ann',
  accessKeyId: 'KEY',
  reason: 'unused',
  message: 'Unused.',
});

/** What was begun, how the key is found, and what became of it within the hour and later. */
const TABLE: readonly (readonly [KeyChange['what'], KeyFound, soon: Became, later: Became])[] = [
  ['deactivated', 'inactive', 'done', 'done'],
  ['deactivated', 'active', 'not-done', 'unclear'],
  ['deactivated', 'gone', 'unclear', 'unclear'],
  ['restored', 'active', 'done', 'done'],
  ['restored', 'inactive', 'not-done', 'unclear'],
  ['restored', 'gone', 'unclear', 'unclear'],
  ['deleted', 'gone', 'done', 'done'],
  ['deleted', 'inactive', 'not-done', 'not-done'],
  ['deleted', 'active', 'not-done', 'not-done'],
  ['lost-key-deleted', 'gone', 'done', 'done'],
  ['lost-key-deleted', 'active', 'not-done', 'not-done'],
];

describe('a change that was begun', () => {
  for (const [what, found, soon, later] of TABLE) {
    it(`is ${soon}, and after an hour ${later}: ${what}, and the key is ${found}`, () => {
      const at = (after: number) => whatBecameOf(begun(what), found, T0 + after);
      expect([at(0), at(HOUR - 1), at(HOUR), at(HOUR + 1)]).to.deep.equal([soon, soon, later, later]);
    });
  }
});
