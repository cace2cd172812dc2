import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { notice, T0 } from '../../support/builders.ts';
import { weekly } from './weekly.ts';

const LATER = T0 + days(4000);

/** Ann's key and its replacement, about which somebody has put a row there. */
function withForgedDelivery(madeAgo = days(30)) {
  const life = weekly();
  life.iam.addKey('ann', { id: 'ANN', age: days(95), usedAgo: days(1) });
  life.iam.addKey('ann', { id: 'NEW', age: madeAgo });
  life.ledger.remember(life.id, 'NEW', { replacementOf: 'ANN', deliveredAt: LATER });
  return life;
}

describe('a moment in the future that the ledger names', () => {
  it('is reported by every run, with the row and the fields', async () => {
    const life = withForgedDelivery();
    await life.live(8);
    expect(life.findings.map(({ severity }) => severity)).to.deep.equal(['failure', 'failure']);
    expect(life.findings[0]?.message).to.include('NEW of ann').and.include('(deliveredAt)');
    expect(life.findings[0]?.nextStep).to.include('key#NEW');
  });

  it('is looked up where the secret is: what that holds was delivered when it was made', async () => {
    const life = withForgedDelivery();
    life.secrets.put('ann', 'NEW', 'secret', life.iam.userIdOf('ann'));
    await life.live(1);
    expect(life.saidOf('ANN')).to.deep.equal(['0: wait still-needed']);
    expect(life.ledger.of(life.id).keys.get('ANN')?.notices?.[0]).to.include({ about: 'replaced' });
  });

  it('holds up no owner who moves', async () => {
    const life = withForgedDelivery(days(8));
    life.secrets.put('ann', 'NEW', 'secret', life.iam.userIdOf('ann'));
    life.iam.use('NEW');
    await life.live(15);
    expect(life.changes).to.deep.equal(['7: ANN inactive']);
  });

  it('is no delivery where the secret does not hold it', async () => {
    const life = withForgedDelivery();
    life.secrets.put('ann', 'ANOTHER', 'secret', life.iam.userIdOf('ann'));
    await life.live(1);
    expect(life.saidOf('ANN')).to.deep.equal(['0: blocked slot-held']);
  });

  it('holds up no longer than a switch that is seen now', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(200) });
    life.ledger.remember(life.id, 'ANN', {
      reactivatedAt: LATER,
      notices: [{ ...notice('unused', { givenAgo: DAY }), lastAt: LATER }],
    });
    await life.live(106);
    // Unused 90 days after it counts as switched on again, announced, and off a grace later.
    expect(life.changes).to.deep.equal(['105: ANN inactive']);
    expect(life.ledger.of(life.id).keys.get('ANN')?.reactivations).to.deep.equal([T0]);
    expect(life.findings[0]?.message).to.include('reactivatedAt').and.include('notices');
  });

  it('lets nothing be deleted sooner', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(200), status: 'inactive' });
    life.ledger.remember(life.id, 'ANN', { inactiveSince: LATER });
    await life.live(1);
    expect(life.ledger.of(life.id).keys.get('ANN')?.inactiveSince).to.equal(T0);
    await life.live(15);
    // As one that was seen inactive and announced on day 0.
    expect(life.changes).to.deep.equal(['14: ANN gone']);
  });
});
