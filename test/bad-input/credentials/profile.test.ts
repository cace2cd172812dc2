import { expect } from 'chai';
import { ASKED, hostForThisFile, OLD, profileWith } from '../../support/workload-host.ts';
import { refused } from './refused.ts';

/* One bad input each: what ends it, what is said, and that nothing has changed. */

describe('bad input: credentials, the profile', () => {
  const host = hostForThisFile();

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
        host().write('.aws/credentials', text);
        await refused(host(), 2, ['--from: ', ...says]);
        expect(host().aws.calls).to.deep.equal([]);
      });
    }

    it('that leads to itself by commands nobody can read', () =>
      refused(host(), 2, ['first -> second -> first'], ASKED, {
        ACCESS_KEY_ROTATION_PROFILES: 'first\nsecond',
      }));

    it('that leads to itself, though its key is remembered', async () => {
      await host().ask();
      await refused(host(), 2, ['first -> first'], ASKED, { ACCESS_KEY_ROTATION_PROFILES: 'first' });
    });
  });
});
