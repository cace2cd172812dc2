import { expect } from 'chai';
import type { Adoption, Reason } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey } from '../../../src/domain/rotation/key.ts';
import { days } from '../../../src/domain/time.ts';
import { applyUser } from '../../../src/run/rotation/apply-user.ts';
import { T0 } from '../../support/builders.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';
import { failureIn } from './ann.ts';
import { prepared } from '../../support/prepared.ts';

const [OLD, NEW] = ['AKIAOLD', 'AKIANEW'] as const;
const PLACE = 'secret/of/ann';

/** Ann's key, which is about to go because NEW was delivered as its replacement. */
async function annsReplaced(newUsedAgo?: number) {
  const work = await memoryAccountContext();
  const { iam, secrets, ledger } = work;
  iam.addKey('ann', { id: OLD, age: days(100), usedAgo: days(3) });
  iam.addKey('ann', {
    id: NEW,
    age: days(40),
    ...(newUsedAgo === undefined ? {} : { usedAgo: newUsedAgo }),
  });
  const memory = { replacementOf: OLD, deliveredAt: T0 - days(40), secretName: PLACE };
  ledger.remember(work.id, NEW, memory);
  secrets.put('ann', NEW, iam.key(NEW).secret, iam.userIdOf('ann'));
  const keyNow = (id: string): AccessKey => work.decisionOn('keep', id).key;
  return {
    ...work,
    memory,
    /** @returns what becomes of the key */
    go: async (
      action: 'deactivate' | 'delete',
      { reason = 'deadline', adoption }: { reason?: Reason; adoption?: Adoption['state'] } = {},
    ) => {
      if (action === 'delete') iam.switchKey(OLD, 'inactive');
      const decision = {
        ...work.decisionOn(action, OLD),
        reason,
        ...(adoption === undefined ? {} : { adoption: { replacementId: NEW, state: adoption } }),
      };
      const { outcomes } = await applyUser([{ decision }], work.context, [keyNow(OLD), keyNow(NEW)]);
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error('every decision has an outcome');
      return outcome;
    },
  };
}
type Work = Awaited<ReturnType<typeof annsReplaced>>;

const TROUBLES: readonly (readonly [string, (work: Work) => void, string, string])[] = [
  ['is gone', ({ secrets }) => secrets.remove('ann'), 'changed-meanwhile', 'is gone'],
  [
    'is scheduled for deletion',
    ({ secrets }) => secrets.scheduleDeletion('ann'),
    'changed-meanwhile',
    `restore-secret --secret-id ${PLACE}`,
  ],
  [
    'holds another value',
    ({ secrets }) => secrets.put('ann', 'AKIAHERS', 'hers', 'AIDAANN1'),
    'changed-meanwhile',
    'holds another value',
  ],
  ["can't be looked at", ({ secrets }) => secrets.setReadable('ann', false), 'unknown', 'DescribeSecret'],
];

const GROUNDS = [
  ['deactivate', { adoption: 'not-adopted' }],
  ['deactivate', { reason: 'emergency' }],
  ['delete', { reason: 'recovery-grace-over' }],
] as const;

for (const [action, ground] of GROUNDS) {
  describe(`to ${action} a key because of its replacement (${Object.values(ground).join()})`, () => {
    it('is done while the secret holds the replacement', async () => {
      const work = await annsReplaced();
      expect((await work.go(action, ground)).status).to.equal('applied');
    });

    for (const [that, happens, kind, says] of TROUBLES) {
      it(`is refused when the secret ${that}`, async () => {
        const work = await annsReplaced();
        happens(work);
        const outcome = await work.go(action, ground);
        const failure = failureIn(outcome);
        expect(outcome.status).to.equal('failed');
        expect(failure.kind).to.equal(kind);
        expect(`${failure.message} ${failure.nextStep}`).to.contain(says);
        expect(work.iam.key(OLD).status).to.equal(action === 'delete' ? 'inactive' : 'active');
        expect(work.ledger.of(work.id).pendingChanges).to.deep.equal([]);
      });

      // That it was delivered says a row: where no secret shows it, that could be anybody's word.
      const isRefused = 'adoption' in ground && that !== 'is scheduled for deletion';
      it(`${isRefused ? 'is refused when the' : 'needs no'} secret that ${that} once the owner has used the replacement`, async () => {
        const work = await annsReplaced(days(1));
        happens(work);
        const moved = 'adoption' in ground ? { ...ground, reason: 'moved' as const } : ground;
        expect((await work.go(action, moved)).status).to.equal(isRefused ? 'failed' : 'applied');
      });
    }

    it('needs no secret that held the replacement before, once the owner has used that', async () => {
      const work = await annsReplaced(days(1));
      const user = { userName: 'ann', arn: 'arn', userId: work.iam.userIdOf('ann') };
      const theirs = { id: 'AKIAHERS', status: 'active', createdAt: T0, secret: 'hers' } as const;
      const state = await prepared(work.secrets.store, user);
      await work.secrets.store.store(user, theirs, state);
      await work.secrets.store.promote(theirs, state);
      const moved = 'adoption' in ground ? { ...ground, reason: 'moved' as const } : ground;
      expect((await work.go(action, moved)).status).to.equal('applied');
    });

    if (action === 'deactivate') {
      it('at a deadline needs the secret, whoever uses the replacement: something still uses the key', async () => {
        const work = await annsReplaced(days(1));
        work.secrets.remove('ann');
        expect((await work.go(action, { reason: 'deadline', adoption: 'adopted' })).status).to.equal(
          'failed',
        );
      });
    }

    it('is looked up where it was delivered, wherever secrets are kept by now', async () => {
      const work = await annsReplaced();
      work.secrets.put('elsewhere', NEW, 'hers', 'AIDAANN1');
      work.secrets.remove('ann');
      work.ledger.remember(work.id, NEW, { ...work.memory, secretName: 'secret/of/elsewhere' });
      expect((await work.go(action, ground)).status).to.equal('applied');
    });

    it('is not fooled by our own test call', async () => {
      const work = await annsReplaced(days(40));
      work.secrets.remove('ann');
      work.iam.key(OLD).uses.splice(0, 1, T0 - days(50));
      expect((await work.go(action, ground)).status).to.equal('failed');
    });
  });
}

describe('a key that goes as unused', () => {
  it('needs no secret: nobody has to move', async () => {
    const work = await annsReplaced();
    work.secrets.remove('ann');
    expect((await work.go('deactivate', { reason: 'unused' })).status).to.equal('applied');
  });
});

describe('in an emergency', () => {
  const inOneRun = async (meanwhile: (work: Awaited<ReturnType<typeof memoryAccountContext>>) => void) => {
    const work = await memoryAccountContext(async ({ name }, proceed) => {
      if (name === 'secrets.deliveryOf') meanwhile(work);
      return proceed();
    });
    work.iam.addKey('ann', { id: OLD, age: days(10), usedAgo: days(1) });
    const planned = (['replace', 'deactivate'] as const).map((action) => ({
      decision: { ...work.decisionOn(action, OLD), reason: 'emergency' as const },
    }));
    const { outcomes } = await applyUser(planned, work.context);
    return { work, statuses: outcomes.map(({ status }) => status) };
  };

  it('the old key goes as soon as the secret holds the new one', async () => {
    const { work, statuses } = await inOneRun(() => undefined);
    expect(statuses).to.deep.equal(['applied', 'applied']);
    expect(work.iam.key(OLD).status).to.equal('inactive');
  });

  it('the old key stays when somebody has deleted the secret of the new one at once', async () => {
    const { work, statuses } = await inOneRun(({ secrets }) => secrets.remove('ann'));
    expect(statuses).to.deep.equal(['applied', 'failed']);
    expect(work.iam.key(OLD).status).to.equal('active');
  });
});
