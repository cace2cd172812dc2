import { expect } from 'chai';
import { accountIn, partitionIn, regionIn } from '../../src/domain/arn.ts';

describe('the parts of an ARN', () => {
  for (const [arn, parts] of [
    ['arn:aws:sns:eu-west-1:111122223333:digests', ['aws', 'eu-west-1', '111122223333']],
    ['arn:aws-cn:iam::111122223333:role/a/b', ['aws-cn', undefined, '111122223333']],
    ['arn:aws-us-gov:secretsmanager:us-gov-west-1:1:secret:a:b', ['aws-us-gov', 'us-gov-west-1', '1']],
    ['arn:aws:sns', [undefined, undefined, undefined]],
    ['alias/digests', [undefined, undefined, undefined]],
    ['1234abcd-12ab-34cd-56ef-1234567890ab', [undefined, undefined, undefined]],
    ['', [undefined, undefined, undefined]],
  ] as const) {
    it(`are ${parts.join(', ')} in "${arn}"`, () => {
      expect([partitionIn(arn), regionIn(arn), accountIn(arn)]).to.deep.equal(parts);
    });
  }
});
