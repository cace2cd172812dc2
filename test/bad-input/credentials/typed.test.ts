import { expect } from 'chai';
import { ARN, ASKED, asUser, hostForThisFile, PLACE } from '../../support/workload-host.ts';
import { refused } from './refused.ts';

/* One bad input each: what ends it, what is said, and that nothing has changed. */

const SECRET_ARN = `arn:aws:secretsmanager:${PLACE}:444455556666:secret:access-key-rotation/central/1-AbCdEf`;
const inRegion = (region: string) => ['--user', 'ann', '--from', 'first', '--region', region];
const typed = (...more: readonly string[]) => [...ASKED, ...more];

describe('bad input: credentials, what is typed and set', () => {
  const host = hostForThisFile();

  describe('what is typed is refused before AWS is asked:', () => {
    const LINES: readonly (readonly [title: string, args: readonly string[], says: string])[] = [
      ['a user without a name', asUser(''), '--user: must be the name of an IAM user'],
      ['a user with a path', asUser('team/ann'), 'without its path, not "team/ann"'],
      ['a user that leads out of the folder', asUser('../../ann'), '--user: must be'],
      ['a user by its ARN', asUser(ARN), `not "${ARN}"`],
      ['a user with a blank', asUser('ann smith'), '--user: must be'],
      ['a user with a line break', asUser('ann\nbob'), '--user: must be'],
      ['a user with letters IAM does not know', asUser('änn'), '--user: must be'],
      ['a user whose name is too long', asUser('a'.repeat(65)), '--user: must be'],
      ['no profile', ['--user', 'ann', '--from', ''], '--from: must be the name of a profile'],
      ['a region in capitals', inRegion('EU-CENTRAL-1'), '--region: must be'],
      ['a region without its number', inRegion('eu-central'), 'like eu-central-1'],
      ['a region by its name', inRegion('Frankfurt'), '--region: must be'],
      ['an availability zone', inRegion('eu-central-1a'), '--region: must be'],
      ['a host as the region', inRegion('x.example.com/#'), '--region: must be'],
      ['no region', inRegion(''), '--region: must be'],
      [
        'a secret that is a bucket',
        typed('--secret', 'arn:aws:s3:::bucket'),
        '--secret: must be the ARN of a secret',
      ],
      ['a secret with a blank', typed('--secret', 'a b'), '--secret: must be'],
      ['a secret without a name', typed('--secret', ''), '--secret: must be'],
      [
        'a secret elsewhere than the region',
        [...inRegion('us-east-1'), '--secret', SECRET_ARN],
        `--region: must be ${PLACE}`,
      ],
      [
        'an account of eleven digits',
        typed('--account', '11112222333'),
        '--account: must be an account id of twelve digits',
      ],
      ['an account with dashes', typed('--account', '1111-2222-3333'), '--account: must be'],
      ['an account by its name', typed('--account', 'payments'), 'not "payments"'],
    ];
    for (const [title, args, says] of LINES) {
      it(title, async () => {
        await refused(host(), 2, [says], args);
        expect(host().aws.calls).to.deep.equal([]);
      });
    }

    it('all of it at once', () =>
      refused(
        host(),
        2,
        ['--user: must be', '--secret: must be', '--account: must be'],
        ['--user', 'a b', '--from', 'first', '--secret', 'a b', '--account', '1'],
      ));
  });

  describe('a way to AWS that can not be one is refused:', () => {
    const WAYS: readonly (readonly [title: string, environment: Record<string, string>, says: string])[] = [
      [
        'a proxy of another kind',
        { HTTPS_PROXY: 'socks5://proxy.example.com:1080' },
        'HTTPS_PROXY: must be the address of a proxy',
      ],
      ['a proxy without a host', { https_proxy: 'http://' }, 'HTTPS_PROXY: must be'],
      [
        'a proxy with an impossible port',
        { HTTPS_PROXY: 'http://proxy.example.com:99999' },
        'HTTPS_PROXY: must be',
      ],
      [
        'certificates that are not there',
        { AWS_CA_BUNDLE: '/nowhere/ca.pem' },
        "AWS_CA_BUNDLE: /nowhere/ca.pem can't be read (ENOENT)",
      ],
      ['certificates in a folder', { AWS_CA_BUNDLE: '/' }, "can't be read (EISDIR)"],
      [
        'certificates that are none',
        { AWS_CA_BUNDLE: 'package.json' },
        'must hold certificates in the form of PEM',
      ],
    ];
    for (const [title, environment, says] of WAYS) {
      it(title, () => refused(host(), 2, [says], ASKED, environment));
    }
  });
});
