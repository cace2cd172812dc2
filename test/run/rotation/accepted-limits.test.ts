import { expect } from 'chai';
import { days, DAY, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { acceptLimit, heldByLimit } from '../../../src/run/on-demand/accept-limit.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { notice, T0 } from '../../support/builders.ts';
import { CALLER, memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

const LIMITS = { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 } } as const;

/** Three users whose unused keys were announced long ago: over a limit of one. */
function overTheLimit() {
  const organization = memoryOrganization();
  const member = organization.add();
  const add = (userName: string) => {
    member.iam.addKey(userName, { id: userName, age: days(200), usedAgo: days(120) });
    organization.ledger.remember(member.id, userName, {
      notices: [notice('unused', { givenAgo: days(20) })],
    });
  };
  ['ann', 'bob', 'cem'].forEach(add);
  const run = (options: RunOptions = {}) => organization.run({ values: LIMITS, ...options });
  const go = async (options: RunOptions = {}) => {
    const [report] = (await rotateOrganization(run(options))).accounts;
    if (report?.status !== 'rotated') throw new Error(report?.status);
    return report;
  };
  const off = () =>
    ['ann', 'bob', 'cem', 'dee'].filter((user) => member.iam.keysOf(user)[0]?.status === 'inactive');
  const accept = async () => {
    const { exceeded } = await heldByLimit(member.id, 'deactivations', run());
    if (exceeded === undefined) throw new Error('nothing is stopped');
    await acceptLimit(member.id, exceeded, 'the team moved to roles', run());
  };
  return { ...organization, ...member, add, run, go, off, accept };
}

describe('a limit that stopped a run', () => {
  it('is shown with what is over it, and nothing is changed by looking', async () => {
    const { run, id, off, ledger } = overTheLimit();
    const { exceeded } = await heldByLimit(id, 'deactivations', run());
    expect([...(exceeded?.decisions ?? [])].map(({ userName }) => userName)).to.deep.equal([
      'ann',
      'bob',
      'cem',
    ]);
    expect(exceeded).to.include({ kind: 'deactivations', limit: 1 });
    expect((await heldByLimit(id, 'deletions', run())).exceeded).to.equal(undefined);
    expect(off()).to.deep.equal([]);
    expect(ledger.historyOf(id)).to.deep.equal([]);
  });

  it('is no limit in a mode that would not do it anyway', async () => {
    const { run, id } = overTheLimit();
    expect((await heldByLimit(id, 'deactivations', run({ mode: 'replace-only' }))).exceeded).to.equal(
      undefined,
    );
  });

  it('is passed by one run once it was accepted, and the history says who, why and when', async () => {
    const { accept, go, off, ledger, id } = overTheLimit();
    await go();
    expect(off()).to.deep.equal([]);
    await accept();
    const { findings } = await go();
    expect(off()).to.deep.equal(['ann', 'bob', 'cem']);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['note']);
    const said = ledger.historyOf(id).map(({ what, by, message }) => `${what} by ${by}: ${message}`);
    expect(said.slice(0, 2)).to.deep.equal([
      `limit-accepted by ${CALLER}: 3 deactivations in one run are accepted: the team moved to roles`,
      `limit-passed by ${CALLER}: 3 deactivations in one run, accepted by ${CALLER}: the team moved to roles`,
    ]);
    expect(ledger.of(id).acceptances).to.deep.equal([]);
  });

  it('is passed by the next run too, for users whom the first had no time to read', async () => {
    const { accept, go, off, clock, add } = overTheLimit();
    add('dee');
    await accept();
    let read = 0;
    await go({
      deadline: T0 + 5 * MINUTE,
      userConcurrency: 1,
      around: async ({ name }, proceed) => {
        const answer = await proceed();
        // No user is begun in the last minute; the account is given back within its lease.
        if (name === 'inventory.lastUse' && ++read === 2) clock.pass(4 * MINUTE + SECOND);
        if (name === 'ledger.useAcceptance') clock.pass(-2 * MINUTE);
        return answer;
      },
    });
    expect(off()).to.deep.equal(['ann', 'bob']);
    clock.pass(DAY);
    await go();
    expect(off()).to.deep.equal(['ann', 'bob', 'cem', 'dee']);
  });

  it('stops the run after that again', async () => {
    const { accept, go, off, add, clock } = overTheLimit();
    await accept();
    await go();
    clock.pass(DAY);
    add('dee');
    add('eve');
    await go();
    expect(off()).to.deep.equal(['ann', 'bob', 'cem']);
  });

  it('is passed for the keys that the person saw, and others of that kind are held in this run', async () => {
    const { accept, go, off, add, ledger, id, clock } = overTheLimit();
    for (let index = 0; index < 28; index++) add(`user-${index}`);
    await accept();
    expect(ledger.of(id).acceptances[0]?.keyIds).to.have.length(31);
    clock.pass(days(7));
    add('dee');
    const { findings, outcomes } = await go();
    expect(outcomes.filter(({ status }) => status === 'applied')).to.have.length(31);
    expect(off()).to.deep.equal(['ann', 'bob', 'cem']);
    const held = outcomes.filter((outcome) => outcome.status === 'held');
    expect(held.map(({ decision, by }) => `${decision.userName} ${by}`)).to.deep.equal(['dee limit']);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['note']);
    expect(findings[0]?.message).to.include('31 were shown and accepted; 1 more have to wait');
    expect(ledger.of(id).acceptances).to.deep.equal([]);
    // One key is below the limit.
    clock.pass(days(7));
    await go();
    expect(off()).to.include('dee');
  });

  it('is passed for what is left of them, beside others that the person did not see', async () => {
    const { accept, go, off, add, iam } = overTheLimit();
    await accept();
    for (const user of ['ann', 'bob']) iam.removeKey(user);
    add('dee');
    const { findings } = await go();
    expect(off()).to.deep.equal(['cem']);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['note']);
  });

  it('is not passed for other keys, of which the person saw none', async () => {
    const { accept, go, off, add, iam, ledger, id } = overTheLimit();
    await accept();
    for (const user of ['ann', 'bob', 'cem']) iam.removeKey(user);
    for (const user of ['dee', 'eve']) add(user);
    await go();
    expect(off()).to.deep.equal([]);
    expect(ledger.of(id).acceptances).to.have.length(1);
  });

  it('is passed for fewer of those keys', async () => {
    const { accept, go, off, iam } = overTheLimit();
    await accept();
    iam.removeKey('ann');
    await go();
    expect(off()).to.deep.equal(['bob', 'cem']);
  });

  for (const [title, later, passes] of [
    ['to the end of its 15 days', days(15) - 1, true],
    ['no longer than 15 days', days(15), false],
  ] as const) {
    it(`may be passed ${title}`, async () => {
      const { accept, go, off, clock } = overTheLimit();
      await accept();
      clock.pass(later);
      await go();
      expect(off()).to.have.length(passes ? 3 : 0);
    });
  }

  it('is not passed when the acceptance cannot be used up: it would count twice', async () => {
    const { accept, go, off, faults } = overTheLimit();
    await accept();
    faults.on('ledger.useAcceptance', 'conflict');
    const { findings } = await go();
    expect(off()).to.deep.equal([]);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
  });

  it('is passed by the next run for the keys that a dead one did not come to', async () => {
    const { accept, go, off, faults, ledger, id } = overTheLimit();
    await accept();
    faults.on('writer.deactivate', 'throttled', { when: (user) => user !== 'ann', times: 2 });
    faults.on('ledger.endAcceptance', 'transient'); // as when it has died by then
    await go();
    expect(off()).to.deep.equal(['ann']);
    await go();
    expect(off()).to.deep.equal(['ann', 'bob', 'cem']);
    expect(ledger.of(id).acceptances).to.deep.equal([]);
  });

  it('of another kind stays', async () => {
    const { accept, go, iam, id, ledger } = overTheLimit();
    for (const user of ['xia', 'yan']) {
      iam.addKey(user, { id: user, age: days(200), status: 'inactive' });
      ledger.remember(id, user, { inactiveSince: T0 - days(50) });
    }
    await accept();
    await go();
    expect(iam.keysOf('xia').concat(iam.keysOf('yan'))).to.have.length(2);
  });
});
