import { expect } from 'chai';
import { parseArn } from '../../src/domain/arn.ts';

describe('an ARN has parts', () => {
  const PARTS: readonly (readonly [string, readonly string[]])[] = [
    ['arn:aws:sns:eu-central-1:111122223333:name', ['aws', 'sns', 'eu-central-1', '111122223333', 'name']],
    ['arn:aws-cn:iam::111122223333:user/a/b', ['aws-cn', 'iam', '', '111122223333', 'user/a/b']],
    [
      'arn:aws:secretsmanager:eu-central-1:111122223333:secret:one-AbCdEf',
      ['aws', 'secretsmanager', 'eu-central-1', '111122223333', 'secret:one-AbCdEf'],
    ],
  ];
  for (const [text, [partition, service, region, accountId, resource]] of PARTS) {
    it(text, () => {
      expect(parseArn(text)).to.deep.equal({ partition, service, region, accountId, resource });
    });
  }

  for (const text of ['', 'alias/key', 'access-key-rotation/ann', 'arn:aws:sns', 'PendingConfirmation']) {
    it(`and there are none in ${JSON.stringify(text)}`, () => {
      expect(parseArn(text)).to.equal(undefined);
    });
  }
});
