import fc from 'fast-check';
import type { AccessKey, Delivery, KeyMemory, LastUse, UserKeys } from '../../../src/domain/rotation/key.ts';
import { NOTICES, type Notice } from '../../../src/domain/rotation/notice.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY, type Duration } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user, type KeyFacts } from '../../support/builders.ts';

/* Users as they may be, or may never be: what the properties of the engine hold for. */

type LastUsed = NonNullable<KeyFacts['lastUsed']>;

/** On, just before or just after what the policies below ask for, or anywhere. */
const duration: fc.Arbitrary<Duration> = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 7, 10, 20, 22.5, 45, 60, 80, 90, 100), fc.constantFrom(-1, 0, 1))
    .map(([count, off]) => Math.max(0, count * DAY + off)),
  fc.integer({ min: 0, max: 130 * DAY }),
  fc.integer({ min: 0, max: 500 }).map((count) => count * DAY),
);

const momentSince = (createdAt: number) => duration.map((ago) => Math.max(createdAt, T0 - ago));

const lastUse = (createdAt: number): fc.Arbitrary<LastUse> =>
  fc.oneof(
    momentSince(createdAt).map((at): LastUse => ({ kind: 'used', at })),
    fc.constantFrom<LastUse>({ kind: 'never' }, { kind: 'unknown' }),
  );

/** Given, repeated and dated at any time; the dates may lie ahead. */
const notice = (createdAt: number): fc.Arbitrary<Notice> =>
  fc
    .record(
      {
        about: fc.constantFrom(...NOTICES),
        firstAt: momentSince(createdAt),
        repeatedAfter: duration,
        date: fc.oneof(
          momentSince(createdAt),
          duration.map((ahead) => T0 + ahead),
        ),
        inAnyCase: fc.oneof(
          momentSince(createdAt),
          duration.map((ahead) => T0 + ahead),
        ),
      },
      { requiredKeys: ['about', 'firstAt', 'repeatedAfter', 'date'] },
    )
    .map(({ repeatedAfter, ...rest }) => ({ ...rest, lastAt: Math.min(T0, rest.firstAt + repeatedAfter) }));

const memory = (createdAt: number, otherId: string): fc.Arbitrary<KeyMemory> =>
  fc.record(
    {
      replacementOf: fc.constantFrom(otherId, otherId, 'AKIAGONE'),
      deliveredAt: momentSince(createdAt),
      notices: fc.uniqueArray(notice(createdAt), { selector: ({ about }) => about, maxLength: 3 }),
      deactivatedAs: fc.constantFrom('unused', 'least-recently-used', 'moved', 'deadline'),
      reactivations: fc.array(momentSince(createdAt), { maxLength: 4 }),
      inactiveSince: momentSince(createdAt),
      reactivatedAt: momentSince(createdAt),
    },
    { requiredKeys: [] },
  );

const DELIVERIES: readonly Delivery[] = ['current', 'current', 'superseded', 'deleting', 'gone', 'unknown'];

const keyNamed = (id: string, otherId: string): fc.Arbitrary<AccessKey> =>
  duration.chain((age) =>
    fc.record(
      {
        id: fc.constant(id),
        status: fc.constantFrom('active' as const, 'active' as const, 'inactive' as const),
        createdAt: fc.constant(T0 - age),
        lastUse: lastUse(T0 - age),
        memory: memory(T0 - age, otherId),
        delivery: fc.constantFrom(...DELIVERIES),
        predecessorOffSince: momentSince(T0 - age),
        signsThisRun: fc.constantFrom(false, false, false, true),
      },
      { requiredKeys: ['id', 'status', 'createdAt', 'lastUse', 'memory'] },
    ),
  );

const unrelated: fc.Arbitrary<UserKeys> = fc
  .tuple(keyNamed(THIS, OTHER), keyNamed(OTHER, THIS), fc.constantFrom(0, 1, 2, 2, 2, 2))
  .map(([first, second, count]) => user([first, second].slice(0, count)));

/** A key is not used before it is created. */
const within = (age: Duration, lastUsed: LastUsed): LastUsed =>
  typeof lastUsed === 'number' ? Math.min(age, lastUsed) : lastUsed;

/** A used key and a younger one, which is our replacement of it, or a person's, or nobody's. */
const related: fc.Arbitrary<UserKeys> = fc
  .record({
    age: duration,
    headStart: duration,
    notices: fc.option(
      fc.record({
        about: fc.constantFrom(...NOTICES),
        givenAgo: duration,
        repeatedAgo: fc.constantFrom(0, 7 * DAY, 46 * DAY),
        dateIn: fc.constantFrom(-DAY, 0, DAY),
      }),
    ),
    delivery: fc.constantFrom(...DELIVERIES),
    lastUsed: fc.constantFrom<LastUsed>(0, 5 * DAY, 7 * DAY, 8 * DAY, 50 * DAY, 95 * DAY, 'unknown'),
    otherUsed: fc.constantFrom<LastUsed>(0, 6 * DAY, 95 * DAY, 'never', 'unknown'),
    ours: fc.boolean(),
  })
  .map(({ age, headStart, notices, delivery, lastUsed, otherUsed, ours }) => {
    const older = age + headStart;
    const memory = ours ? { replacementOf: THIS, deliveredAgo: age, delivery } : {};
    const told = notices === null ? {} : { notices: { [notices.about]: notices } };
    return user([
      key({ age: older, lastUsed: within(older, lastUsed), ...told }),
      key({ id: OTHER, age, lastUsed: within(age, otherUsed), ...memory }),
    ]);
  });

export const anyUser = fc.oneof(unrelated, related);

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record(
    {
      adoptionGrace: fc.constantFrom(0, 10, 20),
      recoveryGrace: fc.constantFrom(0, 10, 20),
      deadlineGrace: fc.constantFrom(0, 10, 45),
      rotateAfter: fc.constantFrom(30, 60),
      unusedAfter: fc.constantFrom<number | 'off'>(45, 90, 'off'),
      whenStillInUse: fc.constantFrom('deactivate', 'wait'),
      whenNotAdopted: fc.constantFrom('wait', 'deactivate'),
      whenTwoKeysInUse: fc.constantFrom('escalate', 'deactivate-least-recently-used'),
      exemption: fc
        .constantFrom(T0, T0, T0, T0 + 1)
        .map((until) => ({ owner: 'ops', reason: 'test', until })),
    },
    { requiredKeys: [] },
  )
  .map(policy);
