import { expect } from 'chai';
import { emulatorForThisFile } from '../support/world.ts';
import { cellsOf, TROUBLES, type Cell } from './faults.ts';
import { disturbed, undisturbed, type Result, type Undisturbed } from './matrix.ts';
import { TARGETS } from './targets.ts';

/* The most dangerous ones. All of them take minutes: `npm run test:faults`. */

/** The expected result, what the call is for, and how it fails. */
const SOME: readonly (readonly [string, Result['verdict'], string, string])[] = [
  [
    'leaves no key whose secret nobody has, when the answer to CreateAccessKey is lost',
    'reported',
    'creates a key',
    'cut off once, after the effect',
  ],
  ['takes a new key back whose secret can not be stored', 'reported', 'stores a key', 'denied'],
  ['creates no key of which the ledger does not know', 'reported', 'begins a replacement', 'denied'],
  [
    'leaves a key alone whose last use it can not read',
    'reported',
    'reads the last use of a key to be deactivated',
    'denied',
  ],
  [
    'leaves a user alone of whom it can not tell whether a tag exempts it',
    'reported',
    'reads the tags of an exempt user',
    'denied',
  ],
  [
    'decides nothing on a list of users that never ends',
    'reported',
    'lists the users',
    'a page that leads to itself',
  ],
  ['goes on after an empty page of users', 'overcome', 'lists the users', 'an empty page first'],
  [
    'switches a key off once, though the answer to UpdateAccessKey is lost',
    'overcome',
    'deactivates a key',
    'cut off once, after the effect',
  ],
  [
    'knows of a delivery, though the answer of the ledger is lost',
    'overcome',
    'remembers a delivery',
    'cut off once, after the effect',
  ],
  ['loses no result while SNS is down', 'reported', 'publishes anything at all', 'denied'],
  ['does nothing where it can not read the settings', 'reported', 'reads the settings', 'denied'],
];

const cellCalled = (target: string, trouble: string): Cell => {
  const found = cellsOf(TARGETS, TROUBLES).find(
    (cell) => cell.target.title === target && cell.trouble.title === trouble,
  );
  if (found === undefined) throw new Error(`nothing is called ${target} | ${trouble}`);
  return found;
};

describe('A run in which one call fails', function () {
  const emulator = emulatorForThisFile();
  let calm: Undisturbed;
  before(async () => {
    calm = await undisturbed(emulator());
  });

  for (const [title, verdict, target, trouble] of SOME) {
    it(title, async () => {
      const {
        faulted,
        problems,
        verdict: is,
      } = await disturbed(cellCalled(target, trouble), calm, emulator());
      expect({ verdict: is, problems, faulted: faulted > 0 }).to.deep.equal({
        verdict,
        problems: [],
        faulted: true,
      });
    });
  }

  it('is tried by `npm run test:faults` with each AWS action that the service calls', () => {
    const targets = new Set(TARGETS.map(({ at }) => at.action));
    expect([...calm.actions].filter((action) => !targets.has(action))).to.deep.equal([]);
    expect([...targets].filter((action) => !calm.actions.has(action))).to.deep.equal([]);
  });
});
