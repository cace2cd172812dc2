import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { memoryOrganization } from '../../support/memory/organization.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';

const ANN = [{ by: 'name', pattern: 'ann' }] as const;

for (const [title, while_] of [
  [
    'an exemption that ends',
    { exemptions: [{ users: ANN, owner: 'ops', reason: 'vendor', until: T0 + days(50) }] },
  ],
  ['an exclusion that is taken back', { excludeUsers: ANN }],
] as const) {
  it(`${title} leaves the owner the whole grace and the warnings, whatever was announced before`, async () => {
    const organization = memoryOrganization();
    const member = organization.add();
    member.iam.addKey('ann', { id: 'ANN', age: days(60), usedAgo: DAY });
    const said: string[] = [];
    let announcedAt = 0;
    for (let week = 0; week < 16; week++) {
      member.iam.use('ANN');
      // Replaced and announced on the first day, and left alone from the second run on.
      const values = week === 0 || week > 7 ? {} : while_;
      const report = await rotateAccount(member.account, organization.run({ values }));
      if (report.status !== 'rotated') throw new Error(report.status);
      for (const { decision } of report.outcomes.filter((one) => one.decision.key.id === 'ANN')) {
        said.push(`${week}: ${decision.action} ${decision.reason}`);
        if (decision.notice?.about === 'deadline' && decision.notice.firstAt === undefined)
          announcedAt = week;
      }
      organization.clock.pass(days(7));
    }
    const off = Number(said.find((line) => line.includes(': deactivate'))?.split(':')[0]);
    expect(announcedAt, said.join('\n')).to.equal(9);
    expect(said.filter((line) => /^[1-7]: (?!exempt)/.test(line))).to.deep.equal([]);
    expect(said.filter((line) => line.includes('still-needed'))).to.have.length.above(0);
    expect((off - announcedAt) * 7, said.join('\n')).to.be.at.least(10);
  });
}
