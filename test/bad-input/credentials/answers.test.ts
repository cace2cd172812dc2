import { expect } from 'chai';
import { HOUR } from '../../../src/domain/time.ts';
import { json, jsonError, xmlError, type FakeAnswer } from '../../support/fake-aws.ts';
import {
  ARN,
  ASKED,
  asUser,
  holding,
  hostForThisFile,
  NEW,
  nobodyAllows,
  OLD,
  profileWith,
  secretWith,
  type Situation,
} from '../../support/workload-host.ts';
import { refused } from './refused.ts';

/* One bad input each: what ends it, what is said, and that nothing has changed. */

const typed = (...more: readonly string[]) => [...ASKED, ...more];

describe('bad input: credentials, what AWS answers', () => {
  const host = hostForThisFile();

  describe('a key of somebody else is refused, and not printed for ever:', () => {
    const account = (id: string) => ARN.replace('111122223333', id);
    const KEYS: readonly (readonly [
      title: string,
      arn: string,
      args: readonly string[],
      says: readonly string[],
    ])[] = [
      ['a typo in the user', ARN, asUser('anm'), ['not of the user anm', '--user ann']],
      ['another case', ARN, asUser('Ann'), ['Write the name as IAM has it: --user ann']],
      [
        'a user with a path and another name',
        'arn:aws:iam::111122223333:user/team/bob',
        ASKED,
        ['--user bob'],
      ],
      ['a group in the place of the name', 'arn:aws:iam::111122223333:user/ann/bob', ASKED, ['--user bob']],
      ['the root user', 'arn:aws:iam::111122223333:root', ASKED, ['which is no IAM user']],
      [
        'a session of a role',
        'arn:aws:sts::111122223333:assumed-role/ann/ann',
        ASKED,
        ['which is no IAM user'],
      ],
      [
        'another account',
        account('444455556666'),
        typed('--account', '111122223333'),
        ['not of the account 111122223333'],
      ],
    ];
    for (const [title, arn, args, says] of KEYS) {
      it(title, async () => {
        host().situation = { keys: { [OLD]: arn, [NEW]: ARN }, secret: () => secretWith(NEW) };
        await refused(host(), 1, ['sts:GetCallerIdentity failed', OLD, ...says], args);
      });
    }

    for (const [title, arn] of [
      ['another user', 'arn:aws:iam::111122223333:user/bob'],
      ['another account', account('444455556666')],
    ] as const) {
      it(`a profile that holds a key of ${title} by now`, async () => {
        host().situation = { secret: () => secretWith(NEW) };
        await host().ask();
        host().now += HOUR;
        host().write('.aws/credentials', profileWith('AKIAEXAMPLE000THIRD'));
        host().situation = { ...host().situation, keys: { [NEW]: ARN, AKIAEXAMPLE000THIRD: arn } };
        await refused(host(), 1, [arn, 'Next step: ']);
      });
    }
  });

  describe('what AWS says is not taken for a missing secret:', () => {
    const denied = (why: string) =>
      jsonError(
        'AccessDeniedException',
        `User: ${ARN} is not authorized to perform: secretsmanager:GetSecretValue on resource: access-key-rotation/ann ${why}`,
      );
    const SAYS: readonly (readonly [title: string, answer: FakeAnswer, says: readonly string[]])[] = [
      [
        'denied without MFA',
        denied('with an explicit deny in an identity-based policy'),
        ['MFA', 'explicit deny'],
      ],
      [
        'denied by its own policy',
        denied('with an explicit deny in a resource-based policy'),
        ["secret's own policy"],
      ],
      [
        'denied by the organization',
        denied('with an explicit deny in a service control policy'),
        ['policy of the organization'],
      ],
      [
        'not allowed by the organization',
        denied('because no service control policy allows the secretsmanager:GetSecretValue action'),
        ['policy of the organization'],
      ],
      [
        'denied by a resource control policy',
        denied('with an explicit deny in a resource control policy'),
        ['policy of the organization'],
      ],
      [
        'not let through by the endpoint',
        denied('because no VPC endpoint policy allows the secretsmanager:GetSecretValue action'),
        ['policy of the VPC endpoint'],
      ],
      [
        'not allowed by the boundary',
        denied('because no permissions boundary allows the secretsmanager:GetSecretValue action'),
        ['permissions boundary'],
      ],
      [
        'encrypted with a key it may not use',
        jsonError('AccessDeniedException', 'Access to KMS is not allowed'),
        ['kms:Decrypt'],
      ],
      [
        'scheduled for deletion',
        jsonError(
          'InvalidRequestException',
          "You can't perform this operation on the secret because it was marked for deletion.",
        ),
        ['restore it'],
      ],
      [
        'encrypted with a key that is gone',
        jsonError(
          'DecryptionFailure',
          "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
        ),
        ['DecryptionFailure'],
      ],
      [
        'of no text',
        json({ Name: 'access-key-rotation/ann', VersionId: '1', SecretBinary: 'AAAA' }),
        ['put its last version back'],
      ],
      ['that is no answer of AWS', json({}), ['lacks the version', 'AWS_ENDPOINT_URL']],
      [
        'that has no key yet, as no answer of AWS says',
        json({ Name: 'access-key-rotation/ann', SecretString: '{}' }),
        ['lacks the version'],
      ],
      [
        'of which nothing is said',
        json({ Name: 'access-key-rotation/ann', VersionId: '1' }),
        ['lacks what the secret holds'],
      ],
      ['that is no JSON', holding('AKIAPLAIN:secret'), ['put its last version back']],
      ['that is a list', holding('["secret"]'), ['put its last version back']],
      ['that is a number', holding('7'), ['put its last version back']],
      ['that is null', holding('null'), ['put its last version back']],
      ['without the secret access key', holding(`{"AccessKeyId":"${NEW}"}`), ['put its last version back']],
      [
        'with an empty key',
        holding('{"AccessKeyId":"","SecretAccessKey":""}'),
        ['put its last version back'],
      ],
      ['with a key of another user', secretWith(NEW, { UserName: 'bob' }), ['holds a key of bob']],
      [
        'with a key of another account',
        secretWith(NEW, { AccountId: '444455556666' }),
        ['account 444455556666'],
      ],
    ];
    for (const [title, answer, says] of SAYS) {
      it(`a secret ${title}`, async () => {
        host().situation = { secret: () => answer };
        await refused(host(), 1, ['secretsmanager:GetSecretValue failed', 'Next step: ', ...says]);
      });
    }

    it('a secret with a key that AWS knows as that of another user', async () => {
      host().situation = {
        keys: { [OLD]: ARN, [NEW]: ARN.replace('ann', 'bob') },
        secret: () => secretWith(NEW),
      };
      await refused(host(), 1, ['not of the user ann']);
    });

    it('a secret that was there before', async () => {
      host().situation = { secret: () => secretWith(NEW) };
      await host().ask();
      host().now += HOUR;
      host().situation = { secret: () => nobodyAllows };
      await refused(host(), 1, ['It was read from there before']);
    });

    const REFUSED: readonly (readonly [title: string, code: string])[] = [
      ['switched off or deleted', 'InvalidClientTokenId'],
      ['with another secret access key', 'SignatureDoesNotMatch'],
      ['of a session that is over', 'ExpiredToken'],
      ['for a region that is switched off', 'RegionDisabledException'],
    ];
    for (const [title, code] of REFUSED) {
      it(`a key ${title}`, async () => {
        host().situation = { identity: () => xmlError(code) };
        await refused(host(), 1, [code, OLD, 'Next step: ']);
      });
    }

    it('a key that AWS takes no more, though Secrets Manager gives no answer', async () => {
      await host().ask();
      host().now += HOUR;
      host().situation = { secret: () => 'reset', identity: () => xmlError('InvalidClientTokenId') };
      await refused(host(), 1, ['InvalidClientTokenId']);
    });
  });

  describe('where AWS itself gives no answer, the key at hand goes on:', () => {
    const html = '<html>Sign in to the wireless network</html>';
    const page = (status: number): FakeAnswer => ({ status, body: html, type: 'text/html' });
    const NOTHING: readonly (readonly [title: string, situation: Situation])[] = [
      ['the connection breaks', { secret: () => 'reset' }],
      ['the service fails', { secret: () => jsonError('InternalServiceError', 'x', 500) }],
      ['the service is overloaded', { secret: () => jsonError('ThrottlingException') }],
      ['a gateway answers for it', { secret: () => page(502) }],
      ['a portal asks to sign in', { secret: () => page(200) }],
      ['a portal forbids', { secret: () => page(403) }],
      ['a portal answers for all', { secret: () => page(200), identity: () => page(200) }],
      ['nothing answers at all', { secret: () => 'reset', identity: () => 'reset' }],
    ];
    for (const [title, situation] of NOTHING) {
      it(title, async () => {
        host().situation = situation;
        const { code, key, stderr } = await host().ask();
        expect([code, key], stderr).to.deep.equal([0, OLD]);
        expect(stderr).to.include('using the key at hand').and.not.to.include('Sign in to');
      });
    }
  });
});
