import { expect } from 'chai';
import { OperationError } from '../../../src/domain/errors.ts';
import { dice } from '../builders.ts';
import { faultsByChance } from './chance.ts';

/** The results of so many calls: the kind of the error, and whether the call had its effect. */
async function fates(seed: number, share: number, calls = 2000): Promise<readonly string[]> {
  const chance = faultsByChance(dice(seed), share);
  const all: string[] = [];
  for (let nth = 0; nth < calls; nth++) {
    let done = 'not done';
    const proceed = async () => {
      done = 'done';
      return 'answer';
    };
    const answer = await chance.around({ name: 'ledger.read', args: [] }, proceed).catch(kindOf);
    all.push(`${String(answer)} ${done}`);
  }
  expect([chance.calls(), chance.faults()]).to.deep.equal([
    calls,
    all.filter((fate) => fate !== 'answer done').length,
  ]);
  return all;
}

function kindOf(error: unknown): string {
  if (error instanceof OperationError) return error.failure.kind;
  throw error;
}

describe('random faults', () => {
  it('come as often as they should', async () => {
    const faults = (await fates(1, 0.1)).filter((fate) => fate !== 'answer done');
    expect(faults.length).to.be.within(150, 250);
  });

  it('are of every kind; what may have had its effect never says that it had none', async () => {
    expect([...new Set(await fates(1, 0.1))]).to.have.members([
      'answer done',
      'transient done',
      'transient not done',
      'throttled not done',
      'denied not done',
    ]);
  });

  it('are the same for the same seed, and others for another', async () => {
    expect(await fates(7, 0.1)).to.deep.equal(await fates(7, 0.1));
    expect(await fates(7, 0.1)).not.to.deep.equal(await fates(8, 0.1));
  });

  it('never come with a probability of zero', async () => {
    expect([...new Set(await fates(1, 0))]).to.deep.equal(['answer done']);
  });
});
