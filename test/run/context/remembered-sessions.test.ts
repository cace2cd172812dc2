import { expect } from 'chai';
import sinon from 'sinon';
import { rememberedSessions } from '../../../src/run/context/remembered-sessions.ts';
import type { AccountSession } from '../../../src/run/ports/accounts.ts';
import { account } from '../../support/builders.ts';

const OPTIONS = {
  readOnly: true,
  secrets: { delivery: 'member', replicaRegions: [], readers: [], access: 'open' },
} as const;

function world() {
  const inventory = {
    keysOf: sinon.fake((userName: string) => Promise.resolve([{ id: `AKIA${userName}` }])),
    users: sinon.stub(),
  };
  const reports = { read: sinon.fake.resolves({ users: [] }) };
  const open = sinon.fake(() => Promise.resolve({ inventory, reports } as unknown as AccountSession));
  const sessions = { open, caller: sinon.fake.resolves('arn'), signingKeyId: sinon.fake.resolves(undefined) };
  return { inventory, reports, open, sessions: rememberedSessions(sessions) };
}

describe('sessions that remember', () => {
  it('enter each account once, and ask of each user once', async () => {
    const { sessions, open, inventory } = world();
    for (let time = 0; time < 2; time++) {
      for (const id of ['111111111111', '222222222222']) {
        const session = await sessions.open(account({ id }), OPTIONS);
        expect(await session.inventory.keysOf('ann')).to.deep.equal([{ id: 'AKIAann' }]);
        expect(await session.inventory.keysOf('bob')).to.deep.equal([{ id: 'AKIAbob' }]);
      }
    }
    sinon.assert.calledTwice(open);
    expect(inventory.keysOf.args.flat()).to.deep.equal(['ann', 'bob', 'ann', 'bob']);
  });

  it('read the report once, however long anybody would wait', async () => {
    const { sessions, reports } = world();
    const session = await sessions.open(account(), OPTIONS);
    await session.reports.read(1);
    await session.reports.read(2);
    sinon.assert.calledOnceWithExactly(reports.read, 1);
  });

  it('ask again what failed', async () => {
    const { sessions, inventory } = world();
    inventory.users.onFirstCall().rejects(new Error('throttled')).onSecondCall().resolves([]);
    const { inventory: asked } = await sessions.open(account(), OPTIONS);
    const failed = await asked.users().then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    expect(failed).to.equal('throttled');
    expect(await asked.users()).to.deep.equal([]);
  });
});
