import { expect } from 'chai';
import type { Delivery } from '../../../src/domain/rotation/key.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { days } from '../../../src/domain/time.ts';
import { applied, decision, key, untouched, type KeyFacts } from '../../support/builders.ts';
import { said } from '../support.ts';

const blocked = (reason: Decision['reason'], facts: KeyFacts = {}, ...others: readonly KeyFacts[]) =>
  said('ASKED OF YOU', [
    untouched(decision('blocked', { reason, key: key({ id: 'AKIAOLD', ...facts }) })),
    ...others.map((other) => untouched(decision('keep', { key: key({ id: 'AKIANEW', ...other }) }))),
  ]);

describe('a delivery that is void', () => {
  const ours = (delivery: Delivery, secretName?: string): KeyFacts => ({
    replacementOf: 'AKIAOLD',
    deliveredAgo: days(9),
    delivery,
    ...(secretName === undefined ? {} : { secretName }),
  });
  const RESTORE =
    'restore the secret: aws secretsmanager restore-secret --region eu-central-1 --secret-id access-key-rotation/ann';

  it('says how to restore a secret that is scheduled for deletion', () => {
    const text = blocked('delivery-void', {}, ours('deleting'));
    expect(text).to.match(/^- ann: the new key for AKIAOLD is not where it was delivered to: /);
    expect(text).to.contain(RESTORE);
  });

  it('names the secret where it was delivered to', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:access-key-rotation/central/x-AbCdEf';
    expect(blocked('delivery-void', {}, ours('deleting', arn))).to.contain(
      `restore-secret --region eu-west-1 --secret-id '${arn}'`,
    );
  });

  it('says how to put back a value that somebody has replaced', () => {
    const text = blocked('delivery-void', {}, ours('superseded'));
    expect(text).to.contain('put the value with AKIANEW back');
    expect(text).to.contain('list-secret-version-ids').and.to.contain('update-secret-version-stage');
  });

  for (const delivery of ['deleting', 'superseded', 'gone'] as const) {
    it(`says how to get another replacement: ${delivery}`, () => {
      const text = blocked('delivery-void', {}, ours(delivery));
      expect(text).to.contain('access-key-rotation replace --account ');
      expect(text).to.contain('aws iam delete-access-key --user-name ann --access-key-id AKIANEW');
      expect(text).not.to.contain('--status Active');
    });
  }

  it('suggests switching the old key on again, unless it may have leaked', () => {
    const off = { status: 'inactive', inactiveFor: days(12) } as const;
    expect(blocked('delivery-void', off, ours('gone'))).to.contain('AKIAOLD --status Active');
    const leaked = { ...off, deactivatedAs: 'emergency' };
    expect(blocked('delivery-void', leaked, ours('gone'))).not.to.contain('--status Active');
  });
});

describe('a blocked key', () => {
  const S3 = { service: 's3', region: 'eu-central-1' };

  for (const reason of ['two-keys-in-use', 'slot-held'] as const) {
    it(`is told with what used each key last, and how to say which may go: ${reason}`, () => {
      const text = blocked(reason, { lastUsed: days(3), usedBy: S3 }, { lastUsed: days(1) });
      expect(text).to.contain('last used 3 days ago by s3 in eu-central-1.');
      expect(text).to.match(
        /one of these, not both: .*AKIAOLD --status Inactive .*AKIANEW --status Inactive/,
      );
    });
  }

  it('that was used after it was announced as unused can be switched on again or deleted', () => {
    const text = blocked('used-after-notice', { status: 'inactive' });
    expect(text).to.match(/^- ann: AKIAOLD was switched off as unused, but was used after/);
    expect(text).to.contain('AKIAOLD --status Active').and.to.contain('delete-access-key');
  });

  it('that something switches on again and again can be switched off for good', () => {
    const text = blocked('switched-on-again');
    expect(text).to.contain('AKIAOLD is switched on again and again');
    expect(text).to.contain('AKIAOLD --status Inactive');
  });

  it('that signs the run is named', () => {
    expect(
      said('TO LOOK AT', [
        untouched(decision('blocked', { reason: 'signs-this-run', key: key({ id: 'AKIAOLD' }) })),
      ]),
    ).to.contain('this run is signed with AKIAOLD, so it is left alone');
  });
});

describe('a replaced key that sent mail', () => {
  it('is told with the SMTP password that changes with it', () => {
    const replacement = { accessKeyId: 'AKIANEW', secretName: 'x', sesRegion: 'eu-west-1' };
    const text = said('ASKED OF YOU', [applied(decision('replace'), replacement)]);
    expect(text).to.contain('The SMTP password of Amazon SES changes with the key.');
    expect(text).to.contain('for eu-west-1, is in the secret, too: SesSmtpPassword');
    expect(said('ASKED OF YOU', [applied(decision('replace'))])).not.to.contain('SMTP password');
  });
});
