import { expect } from 'chai';
import { noticeGiven } from '../../../src/domain/report/notice-given.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import { plainDigest } from '../../support/memory/notifier.ts';
import { weekly } from './weekly.ts';

/** A digest that has room for so many keys: first those that no digest has named yet. */
const withRoomFor = (most: number) => (report: AccountReport) => {
  const digest = plainDigest(report);
  if (digest === undefined || report.status !== 'rotated') return digest;
  const announced = report.outcomes
    .filter((outcome) => noticeGiven(outcome) !== undefined)
    .toSorted((one, two) => Number(isNamed(one)) - Number(isNamed(two)))
    .slice(0, most);
  return { ...digest, announces: new Set(announced.map(({ decision }) => decision.key.id)) };
};
const isNamed = (outcome: Parameters<typeof noticeGiven>[0]) => noticeGiven(outcome)?.firstAt !== undefined;

it('none of 400 keys that a person keeps switched off is deleted before a message named it', async () => {
  const life = weekly();
  for (let index = 0; index < 400; index++) {
    life.iam.addKey(`user-${index}`, { id: `KEY-${index}`, age: days(200), status: 'inactive' });
  }
  const named = new Map<string, number>();
  let today = 0;
  const digestOf = (report: AccountReport) => {
    const digest = withRoomFor(50)(report);
    for (const id of digest?.announces ?? []) if (!named.has(id)) named.set(id, today);
    return digest;
  };
  await life.live(
    100,
    (day) => {
      today = day;
    },
    () => ({ digestOf, values: { maxDeletions: { count: 1000 } } }),
  );
  const deleted = life.changes.map((line) => {
    const [day = '', id = ''] = line.split(/: | /);
    return { day: Number(day), id };
  });
  expect(life.changes.every((line) => line.endsWith(' gone'))).to.equal(true);
  expect(deleted.length).to.equal(400);
  for (const { day, id } of deleted) expect(day - (named.get(id) ?? day), id).to.be.at.least(10);
  // 50 are named a week.
  const deletedBy = (day: number) => deleted.filter((one) => one.day <= day).length;
  expect([deletedBy(14), deletedBy(21), deletedBy(28)]).to.deep.equal([50, 100, 150]);
});
