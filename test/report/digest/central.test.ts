import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { accountSettings, applied, decision, key, T0, untouched } from '../../support/builders.ts';
import { digest, jsonOf, unwrapped } from '../support.ts';

const KEY = 'arn:aws:kms:eu-west-1:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN =
  'arn:aws:secretsmanager:eu-west-1:999999999999:secret:access-key-rotation/central/111111111111/ann-AbCdEf';
const settings = accountSettings({ mode: 'enforce', secretDelivery: 'central', secretKmsKeyId: KEY });

describe('a secret in another account', () => {
  const secretName = 'access-key-rotation/central/111111111111/ann';
  const replacement = { accessKeyId: 'AKIANEW', secretName, secretArn: ARN };
  const found = digest({ settings, outcomes: [applied(decision('replace'), replacement)] });

  it('is named with account and region, its ARN whole on a line of its own', () => {
    expect(unwrapped(found)).to.contain(
      'The new key is in Secrets Manager, account 999999999999, region eu-west-1,',
    );
    expect(found.text.split('\n')).to.include(`    ${ARN}`);
  });

  it('says who can read it, and what the own account of the reader must allow', () => {
    expect(unwrapped(found)).to.contain(
      `Only ann can read it, once its own policies in account 111111111111 allow secretsmanager:GetSecretValue on that secret and kms:Decrypt on: ${KEY} Then, as ann: aws secretsmanager get-secret-value --region eu-west-1 --secret-id '${ARN}' --version-stage AWSCURRENT`,
    );
  });

  it('is in the JSON', () => {
    expect(jsonOf(found).entries[0]).to.include({ secretName, secretArn: ARN });
  });

  it('can be asked for later, when the digest of its delivery is lost', () => {
    const waiting = { reason: 'still-needed', notice: { about: 'replaced', date: T0 + days(10) } } as const;
    const ours = key({ id: 'AKIANEW', replacementOf: 'AKIAOLD', deliveredAgo: days(7) });
    const outcomes = [
      untouched(decision('wait', { ...waiting, key: key({ id: 'AKIAOLD' }) })),
      untouched(decision('keep', { key: ours })),
    ];
    const text = unwrapped(digest({ settings, outcomes }));
    expect(text).to.contain(
      'The new key AKIANEW is in Secrets Manager of the account that access-key-rotation runs in, secret access-key-rotation/central/111111111111/ann;',
    );
    expect(text).not.to.contain('get-secret-value');
  });
});

describe('a secret in the own account', () => {
  it('needs no ARN', () => {
    const replacement = { accessKeyId: 'AKIANEW', secretName: 'access-key-rotation/ann' };
    const text = unwrapped(digest({ outcomes: [applied(decision('replace'), replacement)] }));
    expect(text).to.contain('account 111111111111, region eu-central-1, secret access-key-rotation/ann: aws');
    expect(text).not.to.contain('kms:Decrypt');
  });
});

describe('the secret of a key of an earlier run', () => {
  const waiting = { reason: 'still-needed', notice: { about: 'replaced', date: T0 + days(10) } } as const;
  const delivered = (secretName: string, of = accountSettings({ mode: 'enforce' })) => {
    const ours = key({ id: 'AKIANEW', replacementOf: 'AKIAOLD', deliveredAgo: days(7) });
    const replacement = { ...ours, memory: { ...ours.memory, secretName } };
    const outcomes = [
      untouched(decision('wait', { ...waiting, key: key({ id: 'AKIAOLD' }) })),
      untouched(decision('keep', { key: replacement })),
    ];
    return unwrapped(digest({ settings: of, outcomes }));
  };

  it('is named where it was delivered to, though secrets go to another account by now', () => {
    expect(delivered('access-key-rotation/ann', settings)).to.contain(
      'The new key AKIANEW is in Secrets Manager, account 111111111111, region eu-central-1, secret access-key-rotation/ann: aws secretsmanager get-secret-value --region eu-central-1 --secret-id access-key-rotation/ann',
    );
  });

  it('is named by its ARN, though secrets stay in the own account by now, with a key of that', () => {
    const here = accountSettings({ mode: 'enforce', secretKmsKeyId: 'alias/here' });
    const text = delivered(ARN, here);
    expect(text).to.contain(
      `The new key AKIANEW is in Secrets Manager, account 999999999999, region eu-west-1, secret: ${ARN} Only ann can read it`,
    );
    expect(text).to.contain('kms:Decrypt on its key.').and.not.to.contain('alias/here');
  });

  it('is named with how to read it, where secrets go there still', () => {
    expect(delivered(ARN, settings)).to.contain(`kms:Decrypt on: ${KEY} Then, as ann: aws secretsmanager`);
  });
});
