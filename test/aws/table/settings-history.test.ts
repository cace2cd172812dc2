import { expect } from 'chai';
import { settingsHistoryItem } from '../../../src/aws/table/history-rows.ts';
import { copySettingsHistory } from '../../../src/aws/table/settings-history.ts';
import { days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { json, startFakeAws } from '../../support/fake-aws.ts';
import { entryWith, failureOf } from '../support.ts';

const KEY = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };

it('an entry about settings counts as copied only where DynamoDB itself says so', async () => {
  const proxy = await startFakeAws(() => () => json({}));
  try {
    const { pk, sk, ...after } = settingsHistoryItem(
      'organization',
      entryWith({ what: 'settings-changed' }),
      'organization',
    );
    const failure = await failureOf(
      copySettingsHistory([{ pk, sk, after, expired: false }], {
        aws: { region: 'us-east-1', endpoint: proxy.endpoint, credentials: async () => KEY },
        tableName: 'access-key-rotation',
        kept: days(100),
        now: T0,
      }),
    );
    expect(failure).to.include({ kind: 'unknown', during: 'dynamodb:PutItem' });
    expect(failure.message).to.match(/^the answer lacks the id/);
  } finally {
    await proxy.close();
  }
});
