import { expect } from 'chai';
import { InputError } from '../../../src/domain/errors.ts';
import { days } from '../../../src/domain/time.ts';
import type { FoundUsage, UsageScope } from '../../../src/run/ports/usage.ts';
import { lookUpUsage, type UsageRequest } from '../../../src/run/usage/look-up-usage.ts';
import { T0 } from '../../support/builders.ts';
import { caught } from '../../support/memory/caught.ts';
import { refusal } from '../../support/memory/intercept.ts';

const NOTHING: FoundUsage = { events: [], region: 'eu-west-1', isComplete: true };
const keys = ['AKIAONE', 'AKIATWO'].map((id) => ({ id, status: 'active' as const, createdAt: T0 }));

function looking(request: Partial<UsageRequest>, found: (region: string) => FoundUsage = () => NOTHING) {
  const asked: string[] = [];
  const tools = {
    inventory: {
      keysOf: async (userName: string) => (userName === 'ann' ? keys : []),
      lastUse: async () => ({ kind: 'used', at: T0, region: 'eu-west-1' }) as const,
    },
    usage: {
      of: async (id: string, { region = '', since, pages }: UsageScope) => {
        asked.push(`${id} ${region} ${(T0 - since) / days(1)} ${pages}`);
        return found(region);
      },
    },
    now: T0,
    region: 'eu-central-1',
  };
  return { asked, reports: lookUpUsage({ userName: 'ann', regions: [], ...request }, tools) };
}

describe('looking up who uses a key', () => {
  it('asks for each key in the likely regions, 90 days back', async () => {
    const { asked, reports } = looking({});
    expect((await reports).map(({ key, regions }) => [key.id, ...regions])).to.deep.equal([
      ['AKIAONE', 'eu-west-1', 'us-east-1', 'eu-central-1'],
      ['AKIATWO', 'eu-west-1', 'us-east-1', 'eu-central-1'],
    ]);
    expect(asked[0]).to.equal('AKIAONE eu-west-1 90 120');
    expect(asked).to.have.length(6);
  });

  it('asks for one key in the regions that are named', async () => {
    const { asked, reports } = looking({ accessKeyId: 'AKIATWO', regions: ['sa-east-1'] });
    await reports;
    expect(asked).to.deep.equal(['AKIATWO sa-east-1 90 120']);
  });

  it('goes on after a region that fails, and says which and which has more', async () => {
    const { reports } = looking({ accessKeyId: 'AKIAONE' }, (region) => {
      if (region === 'us-east-1') throw refusal('denied', 'cloudtrail:LookupEvents');
      return { ...NOTHING, isComplete: region !== 'eu-west-1' };
    });
    const [report] = await reports;
    expect(report?.failures.map(({ region, failure }) => [region, failure.kind])).to.deep.equal([
      ['us-east-1', 'denied'],
    ]);
    expect(report?.incomplete).to.deep.equal(['eu-west-1']);
  });

  for (const [request, message] of [
    [{ userName: 'bob' }, '--user: bob has no access keys'],
    [{ accessKeyId: 'AKIASIX' }, '--key: ann has no access key AKIASIX'],
  ] as const) {
    it(`says: ${message}`, async () => {
      const error = await caught(looking(request).reports);
      expect(error).to.be.instanceOf(InputError);
      expect(String(error)).to.contain(message);
    });
  }
});
