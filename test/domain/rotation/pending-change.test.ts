import { expect } from 'chai';
import {
  resolvePending,
  type ChangeOutcome,
  type KeyFound,
} from '../../../src/domain/rotation/pending-change.ts';
import type { KeyChange } from '../../../src/domain/rotation/history.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';

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

/** What was started, how the key is found, and what became of it: at once, after 2 and after 20 minutes. */
const TABLE: readonly (readonly [
  KeyChange['what'],
  KeyFound,
  ChangeOutcome,
  ChangeOutcome,
  ChangeOutcome,
])[] = [
  ['deactivated', 'inactive', 'done', 'done', 'done'],
  ['deactivated', 'active', 'too-soon', 'not-done', 'unclear'],
  ['deactivated', 'gone', 'unclear', 'unclear', 'unclear'],
  ['restored', 'active', 'done', 'done', 'done'],
  ['restored', 'inactive', 'too-soon', 'unclear', 'unclear'],
  ['restored', 'gone', 'unclear', 'unclear', 'unclear'],
  ['deleted', 'gone', 'done', 'done', 'done'],
  ['deleted', 'inactive', 'too-soon', 'not-done', 'not-done'],
  ['deleted', 'active', 'too-soon', 'not-done', 'not-done'],
  ['lost-key-deleted', 'gone', 'done', 'done', 'done'],
  ['lost-key-deleted', 'active', 'too-soon', 'not-done', 'not-done'],
];

describe('a pending change', () => {
  for (const [what, found, first, then, later] of TABLE) {
    it(`is ${first}, then ${then}, then ${later}: ${what}, and the key is ${found}`, () => {
      const at = (after: number) => resolvePending(begun(what), found, T0 + after);
      const [two, twenty] = [2 * MINUTE, 20 * MINUTE];
      expect([at(0), at(two - 1)]).to.deep.equal([first, first]);
      expect([at(two), at(two + 1), at(twenty - 1)]).to.deep.equal([then, then, then]);
      expect([at(twenty), at(twenty + 1)]).to.deep.equal([later, later]);
    });
  }
});
