import { expect } from 'chai';
import type { ChangeKind, Mode } from '../../../src/domain/rotation/limits.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import { orphanedSecrets } from '../../../src/run/rotation/orphaned-secrets.ts';
import { accountSettings } from '../../support/builders.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';

/** Ann has a secret, Eve is gone and has left one. */
async function evesSecret() {
  const work = await memoryAccountContext();
  const { iam, secrets, context, clock } = work;
  for (const name of ['ann', 'eve']) {
    const id = iam.addKey(name);
    secrets.put(name, id, 'hidden', iam.userIdOf(name));
  }
  iam.removeUser('eve');
  return {
    ...work,
    look: async ({
      mode = 'enforce',
      remove = true,
      held = true,
      only,
    }: { mode?: Mode; remove?: boolean; held?: boolean; only?: readonly ChangeKind[] } = {}) => {
      const { lease, ...view } = context;
      const findings = await orphanedSecrets(await iam.inventory.users(), context.session.orphanedSecrets, {
        run: { ...view.run, now: clock.now(), ...(only === undefined ? {} : { only }) },
        settings: accountSettings({ mode, removeOrphanedSecrets: remove }, work.account),
        ...(held ? { lease: { ...lease, hold: () => Promise.resolve(Infinity) } } : {}),
      });
      return findings.map(({ severity, message }) => `${severity}: ${message}`);
    },
    names: async () => (await secrets.orphans.list(() => true)).map(({ userName }) => userName),
    since: async () =>
      (await secrets.orphans.list(() => true)).find(({ userName }) => userName === 'eve')?.orphanedSince,
  };
}

describe('a secret whose user is gone', () => {
  it('is reported with what it costs, and no other', async () => {
    const work = await evesSecret();
    const findings = await work.look({ remove: false });
    expect(findings).to.deep.equal([
      'note: The secret secret/of/eve is of eve, a user who is gone; it costs 0.40 USD a month.',
    ]);
  });

  it('is scheduled for deletion 30 days after it was first seen, and not before', async () => {
    const work = await evesSecret();
    const start = work.clock.now();
    expect((await work.look())[0]).to.contain('scheduled for deletion from 2026-03-31 on');
    work.clock.pass(days(30) - 1);
    await work.look();
    expect([await work.names(), await work.since()]).to.deep.equal([['ann', 'eve'], start]);
    work.clock.pass(1);
    expect((await work.look())[0]).to.contain('was scheduled for deletion');
    expect(await work.names()).to.deep.equal(['ann']);
    expect(await work.look()).to.deep.equal([]);
  });

  for (const [title, options] of [
    ['where the settings do not say so', { remove: false }],
    ['in mode no-delete', { mode: 'no-delete' }],
    ['in mode replace-only', { mode: 'replace-only' }],
    ['in an audit', { mode: 'audit', held: false }],
    ['where nobody holds the account', { held: false }],
    ['where only changes of keys were asked for', { only: ['delete'] }],
  ] as const) {
    it(`is never scheduled for deletion ${title}`, async () => {
      const work = await evesSecret();
      await work.look();
      work.clock.pass(days(40));
      expect(await work.look(options)).to.have.length(1);
      expect(await work.names()).to.deep.equal(['ann', 'eve']);
    });
  }

  it('is not written down in an audit', async () => {
    const work = await evesSecret();
    await work.look({ mode: 'audit', held: false });
    expect(await work.since()).to.equal(undefined);
  });

  it('counts its days anew when the date is in the future', async () => {
    const work = await evesSecret();
    const [, secret] = await work.secrets.orphans.list(() => true);
    if (secret !== undefined) await work.secrets.orphans.mark(secret, work.clock.now() + days(400));
    await work.look();
    expect(await work.since()).to.equal(work.clock.now());
  });

  it('is that of a user who was made anew as well: the secret is not theirs', async () => {
    const work = await evesSecret();
    work.iam.addUser('eve');
    expect(await work.look()).to.have.length(1);
  });

  it('is not that of a user who was renamed', async () => {
    const work = await evesSecret();
    work.iam.renameUser('ann', 'anna');
    const findings = await work.look();
    expect(findings).to.have.length(1);
    expect(findings[0]).to.contain('eve');
  });

  it('counts its days anew when its user was there in between', async () => {
    const work = await evesSecret();
    work.secrets.put('eve', 'AKIAEVE', 'hidden'); // an earlier version did not say whose it is
    await work.look();
    work.iam.addUser('eve');
    work.clock.pass(DAY);
    await work.look();
    expect(await work.since()).to.equal(undefined);
  });

  it('is reported as a failure when nobody can look, and when it cannot be written down', async () => {
    const work = await evesSecret();
    work.faults.on('orphanedSecrets.list', 'denied');
    expect(await work.look()).to.have.length(1);
    work.faults.on('orphanedSecrets.mark', 'denied');
    const findings = await work.look();
    expect(findings[0]).to.match(/^failure: The secret secret\/of\/eve/);
  });
});
