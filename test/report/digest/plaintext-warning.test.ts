import { expect } from 'chai';
import { settingsOfAccount, type AccountSettings } from '../../../src/domain/settings/account-settings.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import {
  account,
  accountSettings,
  snapshotOf,
  decision,
  failure,
  held,
  rotatedAccount,
} from '../../support/builders.ts';
import { context, digest, jsonOf, replaced, unwrapped } from '../support.ts';

/** As an administrator has set it for the one account. */
function plaintext(): AccountSettings {
  const target = { level: 'account', accountId: account().id } as const;
  const values = { mode: 'enforce', secretDelivery: 'sns-plaintext' } as const;
  const resolved = settingsOfAccount({ ...snapshotOf(), rows: [{ target, values, final: [] }] }, account());
  if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
  return resolved.value;
}

const settings = plaintext();
const weekly = context({ evenIfNothing: true });
const DIGESTS = {
  'a digest': digest({ settings, outcomes: [held(decision('delete'))] }),
  'a digest in which nothing happened': digestOf(rotatedAccount({ settings }), weekly),
  'a digest of an account that could not be worked on': digestOf(
    { status: 'unreachable', account: account(), failure: failure(), settings },
    weekly,
  ),
};

describe('secrets that go out in plain text', () => {
  for (const [what, found] of Object.entries(DIGESTS)) {
    it(`are warned of in ${what}, right after what it says first`, () => {
      const [, headline = '', warning = ''] = found?.text.split('\n\n') ?? [];
      expect(headline).to.match(/\.$/);
      expect(unwrapped({ text: warning })).to.match(
        /^WARNING: the secrets of new keys are published in plain text .* secretDelivery is sns-plaintext \(account 111111111111\)\. Whoever subscribes .* set secretDelivery to member or central/,
      );
      expect(jsonOf(found ?? { json: '{}' }))
        .to.have.property('warning')
        .that.match(/^WARNING/);
    });

    it(`make somebody look at ${what}`, () => {
      expect(found?.attributes['severity']).to.be.oneOf(['warning', 'critical']);
    });
  }

  it('cause no digest by themselves', () => {
    expect(digestOf(rotatedAccount({ settings }), context())).to.equal(undefined);
  });

  for (const secretDelivery of ['member', 'central'] as const) {
    it(`are not warned of where the delivery is ${secretDelivery}`, () => {
      const secretKmsKeyId = 'arn:aws:kms:eu-central-1:999999999999:key/abc';
      const others = accountSettings({ mode: 'enforce', secretDelivery, secretKmsKeyId });
      const found = digest({ settings: others, outcomes: [replaced(decision('replace'))] });
      expect(found.text).not.to.contain('WARNING');
      expect(jsonOf(found)).not.to.have.property('warning');
    });
  }
});
