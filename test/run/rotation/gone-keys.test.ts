import { expect } from 'chai';
import * as sinon from 'sinon';
import { DAY, days } from '../../../src/domain/time.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';

/** Ann's and Bob's keys, of which the ledger knows what was announced. */
async function withKnownKeys() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(200) });
  member.iam.addKey('bob', { id: 'BOB', age: days(200) });
  const record = sinon.spy(organization.ledger.port, 'record');
  const gone = () => record.args.flatMap(([, records]) => records.filter(({ kind }) => kind === 'gone'));
  const go = async (options: RunOptions = {}) => {
    organization.clock.pass(DAY);
    const report = await rotateAccount(member.account, organization.run(options));
    if (report.status !== 'rotated') throw new Error(report.status);
    return report;
  };
  await go();
  return {
    ...organization,
    ...member,
    go,
    goneIds: () => gone().map(({ accessKeyId }) => accessKeyId),
    gone,
  };
}

describe('the row of a key that somebody has deleted', () => {
  it('ends in time, and that is recorded once', async () => {
    const { go, iam, goneIds, gone, clock } = await withKnownKeys();
    iam.removeKey('ANN');
    await go();
    expect(gone()).to.deep.equal([{ kind: 'gone', accessKeyId: 'ANN', at: clock.now() }]);
    await go();
    expect(goneIds()).to.deep.equal(['ANN']);
  });

  it('ends with its user, too', async () => {
    const { go, iam, goneIds } = await withKnownKeys();
    iam.removeUser('bob');
    await go();
    expect(goneIds()).to.deep.equal(['BOB']);
  });

  it('is kept where the keys of its user could not be read', async () => {
    const { go, iam, goneIds, faults } = await withKnownKeys();
    iam.removeKey('ANN');
    faults.on('inventory.keysOf', 'throttled', { when: (userName) => userName === 'ann' });
    await go();
    expect(goneIds()).to.deep.equal([]);
  });

  it('is kept by a run about somebody else, and by an audit', async () => {
    const { go, iam, goneIds } = await withKnownKeys();
    iam.removeKey('ANN');
    await go({ userNames: ['bob'] });
    await go({ mode: 'audit' });
    expect(goneIds()).to.deep.equal([]);
  });

  it('that cannot be marked is reported, and nothing else stops', async () => {
    const { go, iam, faults } = await withKnownKeys();
    iam.removeKey('ANN');
    iam.addKey('cem', { age: days(70), usedAgo: DAY });
    faults.on('ledger.record', 'denied');
    const { findings, outcomes } = await go();
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
    expect(findings[0]?.message).to.include('ANN').and.include('stay for now');
    expect(outcomes.some(({ status }) => status === 'applied')).to.equal(true);
  });
});
