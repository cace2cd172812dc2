import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import sinon from 'sinon';
import { HOUR } from '../../src/domain/time.ts';
import { json, jsonError, xmlError, type FakeAnswer } from '../support/fake-aws.ts';
import {
  ARN,
  ASKED,
  holding,
  NEW,
  nobodyAllows,
  OLD,
  openHost,
  PLACE,
  profileWith,
  secretWith,
  type Host,
  type Situation,
} from '../support/workload-host.ts';

/* One bad input each: what ends it, what is said, and that nothing has changed. */

const SECRET_ARN = `arn:aws:secretsmanager:${PLACE}:444455556666:secret:access-key-rotation/central/1-AbCdEf`;
const typed = (...more: readonly string[]) => [...ASKED, ...more];
const asUser = (user: string) => ['--user', user, '--from', 'first', '--region', PLACE];

describe('bad input: credentials', () => {
  let host: Host;
  before(async () => {
    host = await openHost();
  });
  beforeEach(() => {
    host.reset();
  });
  afterEach(() => {
    sinon.restore();
    syncBuiltinESMExports();
  });
  after(() => host.close());

  /** Nothing on stdout, nothing written; what is said names what is wrong. */
  async function refused(
    code: number,
    says: readonly string[],
    args?: readonly string[],
    environment?: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    const before = host.files();
    const ended = await host.ask(args, environment);
    expect([ended.code, ended.stdout], ended.stderr).to.deep.equal([code, '']);
    for (const part of says) expect(ended.stderr).to.include(part);
    expect(ended.stderr.length, 'a message that can be read').to.be.below(2_000);
    expect(host.files()).to.deep.equal(before);
  }

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
      [
        'a region in capitals',
        ['--user', 'ann', '--from', 'first', '--region', 'EU-CENTRAL-1'],
        '--region: must be',
      ],
      [
        'a region without its number',
        ['--user', 'ann', '--from', 'first', '--region', 'eu-central'],
        'like eu-central-1',
      ],
      [
        'a region by its name',
        ['--user', 'ann', '--from', 'first', '--region', 'Frankfurt'],
        '--region: must be',
      ],
      [
        'an availability zone',
        ['--user', 'ann', '--from', 'first', '--region', 'eu-central-1a'],
        '--region: must be',
      ],
      [
        'a host as the region',
        ['--user', 'ann', '--from', 'first', '--region', 'x.example.com/#'],
        '--region: must be',
      ],
      ['no region', ['--user', 'ann', '--from', 'first', '--region', ''], '--region: must be'],
      [
        'a secret that is a bucket',
        typed('--secret', 'arn:aws:s3:::bucket'),
        '--secret: must be the ARN of a secret',
      ],
      ['a secret with a blank', typed('--secret', 'a b'), '--secret: must be'],
      ['a secret without a name', typed('--secret', ''), '--secret: must be'],
      [
        'a secret elsewhere than the region',
        [...asUser('ann').slice(0, 4), '--region', 'us-east-1', '--secret', SECRET_ARN],
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
        await refused(2, [says], args);
        expect(host.aws.calls).to.deep.equal([]);
      });
    }

    it('all of it at once', () =>
      refused(
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
      it(title, () => refused(2, [says], ASKED, environment));
    }
  });

  describe('a profile without the key of a user is refused, with what to name instead:', () => {
    const ROLE = 'arn:aws:iam::111122223333:role/admin';
    const ours = (from: string) =>
      `credential_process = access-key-rotation credentials --user ann --from ${from}\n`;
    const printing = (text: string) => `[first]\ncredential_process = echo '${text}'\n`;
    const PROFILES: readonly (readonly [title: string, text: string, says: readonly string[]])[] = [
      [
        'that is not there',
        '[second]\nregion = x\n[third]\nregion = y\n',
        ['no such profile; there are second, third'],
      ],
      ['of files that are not there', '', ['no such profile', 'AWS_CONFIG_FILE']],
      ['with nothing in it', '[first]\nregion = eu-central-1\n', ['has no key', 'aws_access_key_id']],
      ['without the id', '[first]\naws_secret_access_key = secret\n', ['half a key']],
      ['without the secret', `[first]\naws_access_key_id = ${OLD}\n`, ['half a key']],
      ['with an empty key', '[first]\naws_access_key_id =\naws_secret_access_key =\n', ['has no key']],
      [
        'with a session token',
        `${profileWith(OLD)}aws_session_token = token\n`,
        ['temporary credentials', 'MFA'],
      ],
      [
        'that assumes a role',
        `[first]\nrole_arn = ${ROLE}\nsource_profile = base\n`,
        [`the role ${ROLE}`, 'perhaps base'],
      ],
      [
        'that assumes a role with MFA',
        `[first]\nrole_arn = ${ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ann\n`,
        ['assumes the role'],
      ],
      [
        'that assumes a role with a web identity',
        `[first]\nrole_arn = ${ROLE}\nweb_identity_token_file = /token\n`,
        ['assumes the role'],
      ],
      [
        'that assumes a role besides its key',
        `${profileWith(OLD)}role_arn = ${ROLE}\nsource_profile = first\n`,
        ['assumes the role'],
      ],
      ['of SSO', '[first]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = x\n', ['SSO']],
      ['of SSO as it was', '[first]\nsso_start_url = https://example.awsapps.com/start\n', ['SSO']],
      ['of aws login', '[first]\nlogin_session = arn:aws:iam::111122223333:user/ann\n', ['aws login']],
      ['that leads to itself', `[first]\n${ours('first')}`, ['leads back to itself: first -> first']],
      [
        'that leads to itself, written with =',
        `[first]\n${ours('first').replace('--from ', '--from=')}`,
        ['first -> first'],
      ],
      [
        'that leads to itself, in quotes, by the one file',
        '[first]\ncredential_process = node "/opt/credentials.mjs" --user ann --from "first"\n',
        ['first -> first'],
      ],
      [
        'that leads in a circle',
        `[first]\n${ours('second')}[second]\n${ours('first')}`,
        ['first -> second -> first'],
      ],
      [
        'that leads into a circle of others',
        `[first]\n${ours('second')}[second]\n${ours('third')}[third]\n${ours('second')}`,
        ['first -> second -> third -> second'],
      ],
      [
        'whose command fails',
        '[first]\ncredential_process = echo broken vault >&2; exit 3\n',
        ['credential_process failed', 'broken vault'],
      ],
      [
        'whose command is not there',
        '[first]\ncredential_process = /nowhere/at-all\n',
        ['credential_process failed'],
      ],
      ['whose command prints no JSON', printing('half a secret'), ['what it printed is no JSON']],
      ['whose command prints null', printing('null'), ['not of version 1']],
      ['whose command prints another version', printing('{"Version":2}'), ['not of version 1']],
      [
        'whose command prints a session',
        printing(`{"Version":1,"AccessKeyId":"${OLD}","SecretAccessKey":"secret","SessionToken":"token"}`),
        ['temporary credentials'],
      ],
      [
        'whose command prints half a key',
        printing(`{"Version":1,"AccessKeyId":"${OLD}"}`),
        ['lacks AccessKeyId or SecretAccessKey'],
      ],
    ];
    for (const [title, text, says] of PROFILES) {
      it(title, async () => {
        host.write('.aws/credentials', text);
        await refused(2, ['--from: ', ...says]);
        expect(host.aws.calls).to.deep.equal([]);
      });
    }

    it('that leads to itself by commands nobody can read', () =>
      refused(2, ['first -> second -> first'], ASKED, { ACCESS_KEY_ROTATION_PROFILES: 'first\nsecond' }));

    it('that leads to itself, though its key is remembered', async () => {
      await host.ask();
      await refused(2, ['first -> first'], ASKED, { ACCESS_KEY_ROTATION_PROFILES: 'first' });
    });
  });

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
        host.situation = { keys: { [OLD]: arn, [NEW]: ARN }, secret: () => secretWith(NEW) };
        await refused(1, ['sts:GetCallerIdentity failed', OLD, ...says], args);
      });
    }

    for (const [title, arn] of [
      ['another user', 'arn:aws:iam::111122223333:user/bob'],
      ['another account', account('444455556666')],
    ] as const) {
      it(`a profile that holds a key of ${title} by now`, async () => {
        host.situation = { secret: () => secretWith(NEW) };
        await host.ask();
        host.now += HOUR;
        host.write('.aws/credentials', profileWith('AKIAEXAMPLE000THIRD'));
        host.situation = { ...host.situation, keys: { [NEW]: ARN, AKIAEXAMPLE000THIRD: arn } };
        await refused(1, [arn, 'Next step: ']);
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
      ['of no text', json({ Name: 'access-key-rotation/ann' }), ['put its last version back']],
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
        host.situation = { secret: () => answer };
        await refused(1, ['secretsmanager:GetSecretValue failed', 'Next step: ', ...says]);
      });
    }

    it('a secret with a key that AWS knows as that of another user', async () => {
      host.situation = {
        keys: { [OLD]: ARN, [NEW]: ARN.replace('ann', 'bob') },
        secret: () => secretWith(NEW),
      };
      await refused(1, ['not of the user ann']);
    });

    it('a secret that was there before', async () => {
      host.situation = { secret: () => secretWith(NEW) };
      await host.ask();
      host.now += HOUR;
      host.situation = { secret: () => nobodyAllows };
      await refused(1, ['It was read from there before']);
    });

    const REFUSED: readonly (readonly [title: string, code: string])[] = [
      ['switched off or deleted', 'InvalidClientTokenId'],
      ['with another secret access key', 'SignatureDoesNotMatch'],
      ['of a session that is over', 'ExpiredToken'],
      ['for a region that is switched off', 'RegionDisabledException'],
    ];
    for (const [title, code] of REFUSED) {
      it(`a key ${title}`, async () => {
        host.situation = { identity: () => xmlError(code) };
        await refused(1, [code, OLD, 'Next step: ']);
      });
    }

    it('a key that AWS takes no more, though Secrets Manager gives no answer', async () => {
      await host.ask();
      host.now += HOUR;
      host.situation = { secret: () => 'reset', identity: () => xmlError('InvalidClientTokenId') };
      await refused(1, ['InvalidClientTokenId']);
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
        host.situation = situation;
        const { code, key, stderr } = await host.ask();
        expect([code, key], stderr).to.deep.equal([0, OLD]);
        expect(stderr).to.include('using the key at hand').and.not.to.include('Sign in to');
      });
    }
  });

  describe('what is odd about the machine is said, and the key is printed:', () => {
    let elsewhere: string;
    beforeEach(() => {
      elsewhere = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
      host.situation = { secret: () => secretWith(NEW) };
    });
    afterEach(() => {
      rmSync(elsewhere, { recursive: true });
    });
    const folder = () => path.dirname(host.state);
    const plant = (text: string, mode = 0o600) => {
      host.write('.aws/access-key-rotation/first--ann.json', text);
      chmodSync(host.state, mode);
    };
    /** A link in the folder that is ours. */
    const link = (to: string) => {
      mkdirSync(folder(), { recursive: true, mode: 0o700 });
      symlinkSync(to, host.state);
    };
    const planted = JSON.stringify({ accessKeyId: 'AKIAPLANTED', secretAccessKey: 'x' });

    /** What each finds, what is said of it, and whether the key can be remembered after all. */
    const ODD: readonly (readonly [title: string, prepare: () => void, says: string, remembered: boolean])[] =
      [
        [
          'a file in the place of the folder',
          () => void host.write('.aws/access-key-rotation', ''),
          'is no directory',
          false,
        ],
        [
          'a link in the place of the folder',
          () => symlinkSync(elsewhere, folder()),
          'is no directory',
          false,
        ],
        [
          'a link to nowhere in the place of the folder',
          () => symlinkSync('/nowhere', folder()),
          'access-key-rotation',
          false,
        ],
        [
          'a folder others may write into',
          () => {
            mkdirSync(folder());
            chmodSync(folder(), 0o777);
          },
          'can be written by others',
          false,
        ],
        [
          'a folder in the place of the file',
          () => void mkdirSync(host.state, { recursive: true }),
          'is a directory',
          false,
        ],
        [
          'a link in the place of the file',
          () => {
            writeFileSync(path.join(elsewhere, 'x'), planted);
            link(path.join(elsewhere, 'x'));
          },
          'is a link',
          true,
        ],
        [
          'a link to nowhere in the place of the file',
          () => link(path.join(elsewhere, 'new')),
          'is a link',
          true,
        ],
        ['a file others may write', () => plant(planted, 0o666), 'can be written by others', true],
        [
          'a file others may read',
          () => plant(JSON.stringify({ accessKeyId: OLD, secretAccessKey: 'secret' }), 0o644),
          'could be read by others',
          true,
        ],
        ['a file that was cut short', () => plant('{"remembered":{"key":{"acc'), 'is damaged', true],
        ['an empty file', () => plant(''), 'is damaged', true],
        ['a file of another form', () => plant('{"AccessKeyId":"AKIA1"}'), 'is damaged', true],
        ['a file that holds a list', () => plant('[]'), 'is damaged', true],
        [
          'a file with line breaks in the key',
          () => plant('{"accessKeyId":"A\\nB","secretAccessKey":"x"}'),
          'is damaged',
          true,
        ],
        ['a file far too large', () => plant(' '.repeat(100_000)), 'too large', true],
      ];
    for (const [title, prepare, says, remembered] of ODD) {
      it(title, async () => {
        prepare();
        const { code, key, stderr } = await host.ask();
        expect([code, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include(says);
        expect(readdirSync(elsewhere).filter((name) => name !== 'x')).to.deep.equal([]);
        if (remembered) {
          expect(lstatSync(host.state).mode & 0o777).to.equal(0o600);
          expect(readFileSync(host.state, 'utf8')).to.include(NEW);
          expect((await host.ask()).stderr).to.equal('');
        } else expect(stderr).to.include('the key is not remembered');
      });
    }

    const BY_ERROR: readonly (readonly [
      title: string,
      name: 'openSync' | 'writeSync' | 'mkdirSync' | 'renameSync',
      code: string,
      says: string,
    ])[] = [
      ['a home that is read-only', 'mkdirSync', 'EROFS', 'read-only file system'],
      ['a home that belongs to root', 'mkdirSync', 'EACCES', 'may not be read or written'],
      ['a full disk', 'writeSync', 'ENOSPC', 'no space left'],
      ['a used-up quota', 'writeSync', 'EDQUOT', 'no space left'],
      ['a rename that fails', 'renameSync', 'EPERM', 'may not be read or written'],
      ['a name that is taken meanwhile', 'openSync', 'EEXIST', 'access-key-rotation'],
      ['an error nobody knows', 'renameSync', 'EWHATEVER', 'EWHATEVER'],
    ];
    for (const [title, name, code, says] of BY_ERROR) {
      it(title, async () => {
        sinon.stub(fs, name).throws(Object.assign(new Error(code), { code }));
        syncBuiltinESMExports();
        const { code: exitCode, key, stderr } = await host.ask();
        expect([exitCode, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include(says).and.to.include('the key is not remembered');
        expect(Object.keys(host.files())).to.deep.equal(['.aws/credentials']);
      });
    }

    it('a file that belongs to another user', async () => {
      host.write('.aws/access-key-rotation/first--ann.json', planted);
      sinon.stub(process, 'getuid').returns(54_321);
      const { code, key, stderr } = await host.ask();
      expect([code, key], stderr).to.deep.equal([0, NEW]);
      expect(stderr).to.include('belongs to another user');
      expect(readFileSync(host.state, 'utf8')).to.equal(planted);
    });

    for (const [title, home] of [
      ['no home', undefined],
      ['an empty home', ''],
      ['a home within the working directory', 'home'],
    ] as const) {
      it(`${title}, and the working directory stays as it is`, async () => {
        const before = readdirSync('.');
        const files = { AWS_SHARED_CREDENTIALS_FILE: path.join(host.home, '.aws/credentials') };
        const { code, key, stderr } = await host.ask(ASKED, { ...files, HOME: home });
        expect([code, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include('HOME is not set to a directory');
        expect(readdirSync('.')).to.deep.equal(before);
      });
    }

    it('a profile whose name is too long for a file', async () => {
      const name = 'p'.repeat(300);
      host.write('.aws/credentials', profileWith(OLD, name));
      const { code, key, stderr } = await host.ask(['--user', 'ann', '--from', name, '--region', PLACE]);
      expect([code, key], stderr).to.deep.equal([0, NEW]);
      expect(stderr).to.include('ENAMETOOLONG');
    });
  });
});
