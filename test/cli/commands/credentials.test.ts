import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { whoAmI } from '../../support/workloads.ts';
import { createWorld, emulatorForThisFile, REGION, userWithKey, type World } from '../../support/world.ts';

const run = promisify(execFile);
const USER = 'svc-ledger';

interface Printed {
  readonly Version: number;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Expiration: string;
}

describe('credentials, on the machine of a workload', function () {
  const emulator = emulatorForThisFile();
  let world: World;
  let home: string;

  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [{ name: 'payments', users: [userWithKey(USER, { age: 100, usedAgo: 1 })] }],
    });
    home = await mkdtemp(path.join(tmpdir(), 'home-'));
    const [key] = await keys();
    const { accessKeyId, secretAccessKey } = await emulator().keyCredentials(key?.id ?? '');
    await mkdir(path.join(home, '.aws'));
    await writeFile(
      path.join(home, '.aws', 'credentials'),
      `[first]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
  });
  afterEach(() => rm(home, { recursive: true }));

  const keys = async () => {
    const [account] = await emulator().snapshot(world.organization.accounts[0]?.id);
    return account?.users[0]?.keys ?? [];
  };

  const ask = async (
    more: Readonly<Record<string, string>> = {},
    from = 'first',
    where: readonly string[] = ['--region', REGION],
    user = USER,
  ) => {
    const args = ['src/cli.ts', 'credentials', '--user', user, '--from', from, ...where];
    const env = { PATH: process.env['PATH'], HOME: home, AWS_ENDPOINT_URL: emulator().endpoint, ...more };
    return run(process.execPath, args, { env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
  };
  /** The emulator's months pass in moments, so AWS is asked each time. */
  const now = ['--region', REGION, '--refresh'];
  const printed = async (more: Readonly<Record<string, string>> = {}): Promise<Printed> =>
    JSON.parse((await ask(more, 'first', now)).stdout) as Printed;

  it('prints the key of the profile as long as that key has not been replaced', async () => {
    const [key] = await keys();
    expect((await printed()).AccessKeyId).to.equal(key?.id);
  });

  it('prints the new key after a rotation, in the form of credential_process, to be asked again soon', async () => {
    await world.run();
    const answer = await printed();
    expect(answer).to.have.all.keys('Version', 'AccessKeyId', 'SecretAccessKey', 'Expiration');
    expect(answer.Version).to.equal(1);
    expect(answer.AccessKeyId).to.equal((await keys())[1]?.id);
    expect(Date.parse(answer.Expiration)).to.be.greaterThan(0);
    const identity = await whoAmI(emulator().endpoint, {
      accessKeyId: answer.AccessKeyId,
      secretAccessKey: answer.SecretAccessKey,
    });
    expect(identity).to.match(/user\/svc-ledger$/);
  });

  it('goes on through every later rotation without anybody editing a file', async () => {
    const seen = new Set<string>();
    for (let month = 0; month < 7; month++) {
      const { AccessKeyId, SecretAccessKey } = await printed();
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
      expect(await whoAmI(emulator().endpoint, credentials), `month ${month}`).to.match(/user\/svc-ledger$/);
      seen.add(AccessKeyId);
      await world.run();
      await world.pass(28);
    }
    expect(seen.size).to.equal(3);
    expect((await keys()).map(({ id }) => id)).not.to.include([...seen][0]);
  });

  it('caches the key in a file that only its owner can read', async () => {
    await world.run();
    await printed();
    const folder = path.join(home, '.aws', 'access-key-rotation');
    const files = await readdir(folder);
    expect(files).to.deep.equal([`first--${USER}.json`]);
    expect((await stat(path.join(folder, files[0] ?? ''))).mode & 0o777).to.equal(0o600);
  });

  const readings = async () =>
    (await emulator().calls()).filter(({ action }) => action === 'secretsmanager:GetSecretValue').length;

  it('asks AWS once for two calls within the hour', async () => {
    await world.run();
    const before = await readings();
    const first = await ask();
    const second = await ask();
    expect((JSON.parse(second.stdout) as Printed).AccessKeyId).to.equal((await keys())[1]?.id);
    expect([first.stderr, second.stderr]).to.deep.equal(['', '']);
    expect((await readings()) - before).to.equal(1);
  });

  it('ends when the region is another one than that of the secret, and names that', async () => {
    await world.run();
    const { code, stdout, stderr } = await ask({}, 'first', ['--region', 'us-east-1']);
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.include(`in ${REGION}: check --region`);
  });

  it('ends when the name is written in another case', async () => {
    const { code, stdout, stderr } = await ask({}, 'first', ['--region', REGION], 'Svc-Ledger');
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.include(`--user ${USER}`);
  });

  it('ends at once when its own profile is the one it is to take the key from', async () => {
    const command = `${process.execPath} ${path.resolve('src/cli.ts')} credentials --user ${USER} --from circle`;
    await writeFile(path.join(home, '.aws', 'config'), `[profile circle]\ncredential_process = ${command}\n`);
    const { code, stderr } = await ask({}, 'circle');
    expect(code).to.equal(2);
    expect(stderr).to.include('circle -> circle');
  });

  it('prints the key at hand when AWS does not answer', async () => {
    await world.run();
    const { AccessKeyId } = await printed();
    const closed = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const answer = await ask(closed);
    expect((JSON.parse(answer.stdout) as Printed).AccessKeyId).to.equal(AccessKeyId);
    expect(answer.stderr).to.include('using the key at hand');
  });

  describe('with the ARN of the secret', () => {
    const ARN = `arn:aws:secretsmanager:${REGION}:111111111101:secret:access-key-rotation/central/1-AbCdEf`;
    const arnOfSecret = async () => {
      const credentials = await emulator().credentialsFor('111111111101', 'administrator');
      const client = new SecretsManagerClient({
        endpoint: emulator().endpoint,
        region: REGION,
        credentials,
      });
      const SecretId = `access-key-rotation/${USER}`;
      return (await client.send(new DescribeSecretCommand({ SecretId }))).ARN ?? '';
    };

    it('reads that one, in the region that the ARN names', async () => {
      await world.run();
      const { stdout } = await ask({}, 'first', ['--secret', await arnOfSecret()]);
      expect((JSON.parse(stdout) as Printed).AccessKeyId).to.equal((await keys())[1]?.id);
    });

    it('prints the key of the profile when it may not be read, and says what may be missing', async () => {
      await world.run();
      const answer = await ask({}, 'first', ['--secret', ARN]);
      expect((JSON.parse(answer.stdout) as Printed).AccessKeyId).to.equal((await keys())[0]?.id);
      expect(answer.stderr).to.include(`${USER} may not read ${ARN}`).and.to.include('permission');
    });

    for (const [title, user, where, problems] of [
      ['is none', USER, ['--secret', 'arn:aws:s3:::bucket'], ['--secret: must be the ARN of a secret']],
      [
        'is in another region than the one that is named',
        USER,
        ['--secret', ARN, '--region', 'us-east-1'],
        [`--region: must be ${REGION}`],
      ],
      [
        'is none, and the user is none either',
        'no user',
        ['--secret', 'a b'],
        ['--user: must be the name of an IAM user', '--secret: must be the ARN of a secret'],
      ],
    ] as const) {
      it(`refuses it when it ${title}`, async () => {
        const answer = await ask({}, 'first', where, user);
        expect([answer.code, answer.stdout]).to.deep.equal([2, '']);
        for (const problem of problems) expect(answer.stderr).to.include(problem);
      });
    }

    it('is in the help, with an example', async () => {
      const { stdout } = await ask({}, 'first', ['--help']);
      expect(stdout).to.include('--secret <arn>').and.to.include('--secret arn:aws:secretsmanager:');
    });
  });

  it('asks for the right profile when there is none of that name', async () => {
    const answer = await ask({}, 'absent');
    expect(answer.code).to.equal(2);
    expect(answer.stderr).to.include('--from: the profile absent has no key');
    expect(answer.stdout).to.equal('');
  });
});
