import { expect } from 'chai';
import type { LastUse } from '../../../src/domain/rotation/key.ts';
import { sesRegionOf } from '../../../src/domain/secrets/ses-region.ts';

describe('the region in which a key sends mail', () => {
  const used = (facts: object): LastUse => ({ kind: 'used', at: 0, ...facts });
  for (const [title, lastUse, region] of [
    ['is that of its last use', used({ service: 'ses', region: 'eu-west-1' }), 'eu-west-1'],
    ['may be one of a partition', used({ service: 'ses', region: 'us-gov-west-1' }), 'us-gov-west-1'],
    ['is not known of a use elsewhere', used({ service: 's3', region: 'eu-west-1' }), undefined],
    ['is not known without one', used({ service: 'ses' }), undefined],
    ['is none that is no region', used({ service: 'ses', region: 'aws-global' }), undefined],
    ['is none of a key that nobody uses', { kind: 'never' }, undefined],
    ['is not known where the last use is not', { kind: 'unknown' }, undefined],
  ] as const) {
    it(title, () => {
      expect(sesRegionOf(lastUse)).to.equal(region);
    });
  }
});
