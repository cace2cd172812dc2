import { expect } from 'chai';
import { decide } from '../../../src/domain/rotation/decide.ts';
import { CHANGING } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey, KeyMemory, LastUse } from '../../../src/domain/rotation/key.ts';
import { published, type NoticeToGive } from '../../../src/domain/rotation/notice.ts';
import { days, type Instant } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user } from '../../support/builders.ts';

/** A user whose one key is used every day until its replacement is there, or for ever. */
interface Story {
  readonly ageAtFirstRun: number;
  readonly adopts: boolean;
}

/**
 * Runs the engine every hour and carries out what it says, the notice going out with the same run;
 * tells at what age of the key each thing happened.
 */
function ages({ ageAtFirstRun, adopts }: Story): Readonly<Record<string, number>> {
  const createdAt = T0 - days(ageAtFirstRun);
  const happened: Record<string, number> = {};
  let old: AccessKey = { ...key({ age: days(ageAtFirstRun) }) };
  let replacement: AccessKey | undefined;
  const remember = (memory: Partial<KeyMemory>) => (old = { ...old, memory: { ...old.memory, ...memory } });
  const announce = (notice: NoticeToGive | undefined, at: Instant) => {
    if (notice === undefined) return;
    const others = (old.memory.notices ?? []).filter(({ about }) => about !== notice.about);
    remember({ notices: [...others, published(notice, at)] });
  };

  for (let now: Instant = T0; happened['delete'] === undefined && now < T0 + days(200); now += days(1 / 24)) {
    const used: LastUse = { kind: 'used', at: now };
    if (old.status === 'active' && (replacement === undefined || !adopts)) old = { ...old, lastUse: used };
    if (replacement !== undefined && adopts) replacement = { ...replacement, lastUse: used };

    const said = decide(user(replacement === undefined ? [old] : [old, replacement]), policy(), now);
    const decision = said.find((one) => one.key.id === THIS);
    if (decision === undefined) throw new Error('nothing said');
    const isDone = CHANGING.has(decision.action);
    announce(isDone ? decision.noticeWhenDone : decision.notice, now);
    if (decision.action === 'replace') {
      replacement = {
        ...key({ id: OTHER }),
        createdAt: now,
        lastUse: used,
        memory: { replacementOf: THIS, deliveredAt: now },
        delivery: 'current',
      };
    }
    if (decision.action === 'deactivate') {
      old = { ...old, status: 'inactive' };
      remember({ inactiveSince: now });
    }
    if (isDone) {
      happened[decision.action] = (now - createdAt) / days(1);
    }
  }
  return happened;
}

const STORIES: readonly (readonly [string, Story, Readonly<Record<string, number>>])[] = [
  [
    'a key known since it was young follows the published 60 / 80 / 90 scheme',
    { ageAtFirstRun: 1, adopts: true },
    { replace: 60, deactivate: 80, delete: 90 },
  ],
  [
    'a key whose owner never leaves it is switched off at day 90 and deleted at day 100',
    { ageAtFirstRun: 1, adopts: false },
    { replace: 60, deactivate: 90, delete: 100 },
  ],
  [
    'a key 300 days old on the first deployment gets both graces from the first run on',
    { ageAtFirstRun: 300, adopts: true },
    { replace: 300, deactivate: 310, delete: 320 },
  ],
  [
    'a key 300 days old whose owner never leaves it gets the 30 days that the ordinary life gives',
    { ageAtFirstRun: 300, adopts: false },
    { replace: 300, deactivate: 330, delete: 340 },
  ],
  ...Array.from({ length: 9 }, (_, index) => {
    const seen = 71 + index;
    return [
      `a key first seen at day ${seen} is replaced then and gets both graces`,
      { ageAtFirstRun: seen, adopts: true },
      { replace: seen, deactivate: seen + 10, delete: seen + 20 },
    ] as const;
  }),
  [
    'a key first seen at day 65 waits for day 80 and day 90',
    { ageAtFirstRun: 65, adopts: true },
    { replace: 65, deactivate: 80, delete: 90 },
  ],
];

describe('from the first run on', () => {
  for (const [title, story, expected] of STORIES) {
    it(title, () => expect(ages(story)).to.deep.equal(expected));
  }
});
