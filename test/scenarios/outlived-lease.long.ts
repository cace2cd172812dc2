import { expect } from 'chai';
import type { Fault } from '../support/emulator/emulator.ts';
import { accountIn, emulatorForThisFile } from '../support/world.ts';
import { MANAGEMENT } from '../aws/support.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import {
  ALL_OF_IT,
  APP,
  changesOf,
  doneBy,
  everyChangeIn,
  expectAllDone,
  go,
  goAfter,
  holdUp,
  someCallIsHeldUp,
  whenAllIsDue,
} from './overlap.ts';

interface Case {
  readonly title: string;
  readonly heldUp: Pick<Fault, 'action' | 'match' | 'accountId'>;
  /** What the slow run has done in the account all the same: before it was held up, and that very call. */
  readonly slow: readonly string[];
  /** What the other run does. */
  readonly fast: readonly string[];
  /** What is done once more than usual. */
  readonly again?: readonly string[];
}

const LOST_KEY = [`${APP} DeleteAccessKey ann`, `${APP} CreateAccessKey ann`];

/** Laptops are closed, functions are frozen: any call may come a quarter of an hour late. */
const CASES: readonly Case[] = [
  { title: 'listing the users', heldUp: { action: 'iam:ListUsers' }, slow: [], fast: ALL_OF_IT },
  {
    title: 'listing the keys of a user',
    heldUp: { action: 'iam:ListAccessKeys', match: { UserName: 'cem' } },
    slow: [],
    fast: ALL_OF_IT,
  },
  {
    title: 'writing that it begins a replacement',
    heldUp: { action: 'dynamodb:PutItem', accountId: MANAGEMENT, match: { sk: 'intent#ann' } },
    slow: [],
    fast: ALL_OF_IT,
  },
  { title: 'creating a key', heldUp: { action: 'iam:CreateAccessKey' }, slow: [], fast: ALL_OF_IT },
  {
    title: 'making a secret',
    heldUp: { action: 'secretsmanager:CreateSecret' }, // before there is a key
    slow: [],
    fast: ALL_OF_IT,
  },
  {
    title: 'storing a secret',
    heldUp: { action: 'secretsmanager:PutSecretValue' },
    slow: [],
    fast: ALL_OF_IT,
    again: LOST_KEY,
  },
  {
    title: 'letting the user read its secret',
    heldUp: { action: 'secretsmanager:PutResourcePolicy' }, // before there is a key
    slow: [],
    fast: ALL_OF_IT,
  },
  {
    title: 'showing a new key to its user',
    heldUp: { action: 'secretsmanager:UpdateSecretVersionStage' },
    slow: [],
    fast: ['ben deactivate', 'cem delete'], // and it finishes the delivery
  },
  {
    title: 'recording a delivery',
    heldUp: { action: 'dynamodb:TransactWriteItems', accountId: MANAGEMENT },
    slow: [],
    fast: ['ben deactivate', 'cem delete'],
  },
  {
    title: 'deactivating a key',
    heldUp: { action: 'iam:UpdateAccessKey' },
    slow: ['ann replace', 'ben deactivate'],
    fast: ['ben deactivate', 'cem delete'],
    again: [`${APP} UpdateAccessKey ben`], // it is off already
  },
  {
    title: 'deleting a key',
    heldUp: { action: 'iam:DeleteAccessKey' },
    slow: ALL_OF_IT,
    fast: ['cem delete'],
  },
  {
    title: 'publishing the digest',
    heldUp: { action: 'sns:Publish', accountId: MANAGEMENT },
    slow: ALL_OF_IT,
    fast: [],
  },
];

describe('A run that outlives its lease while another one takes over', function () {
  const emulator = emulatorForThisFile();

  for (const { title, heldUp, slow, fast, again = [] } of CASES) {
    it(`${title} does nothing that the other one has done`, async () => {
      const world = await whenAllIsDue(emulator(), ['app']);
      await holdUp(emulator(), { accountId: APP, ...heldUp });
      const suspended = go(world);
      await someCallIsHeldUp(emulator());
      const other = await goAfter(15, world);
      await emulator().clearFaults();
      const woken = await suspended;
      expect(doneBy(other, 'app'), 'the other one').to.deep.equal(fast);
      expect(doneBy(woken, 'app'), 'this one').to.deep.equal(slow);
      expect(await changesOf(emulator())).to.have.members([...everyChangeIn(APP), ...again]);
      await expectAllDone(emulator(), APP);

      await emulator().forgetCalls();
      await goAfter(15, world);
      expect(await changesOf(emulator()), 'the next run').to.deep.equal([]);
    });
  }

  it('says that it has lost the account, and goes on with the others', async () => {
    const world = await whenAllIsDue(emulator());
    await holdUp(emulator(), { action: 'iam:ListAccessKeys', match: { UserName: 'ben' }, accountId: APP });
    const suspended = go(world);
    await someCallIsHeldUp(emulator());
    await world.pass(15 / (24 * 60));
    await emulator().clearFaults();
    const report = await suspended;
    expect(failuresIn(report, 'app')).to.deep.equal(['lease-lost', 'lease-lost', 'lease-lost']);
    expect(doneBy(report, 'data')).to.deep.equal(ALL_OF_IT);
  });
});

/** Of what kind the failures in an account are, of users that could not be read too. */
function failuresIn(report: RunReport, name: string): readonly string[] {
  const account = accountIn(report, name);
  if (account.status !== 'rotated') return [account.status];
  const outcomes = account.outcomes.flatMap((outcome) => ('failure' in outcome ? outcome.failure.kind : []));
  return [...account.gaps.map(({ failure }) => failure.kind), ...outcomes];
}
