import { statSync } from 'node:fs';
import { expect } from 'chai';
import { DAY, HOUR, MINUTE } from '../../../../src/domain/time.ts';
import { jsonError } from '../../../support/fake-aws.ts';
import {
  ARN,
  ASKED,
  hostForThisFile,
  NEW,
  nobodyAllows,
  OLD,
  PLACE,
  profileWith,
  holding,
  secretWith,
} from '../../../support/workload-host.ts';

describe('what a workload is told of its key', () => {
  const host = hostForThisFile();
  const actions = () => host().aws.calls.map(({ action, keyId }) => `${action} ${keyId}`);
  const replaced = { secret: () => secretWith(NEW, { UserName: 'ann', AccountId: '111122223333' }) };

  it('is the key of the profile, before the first replacement', async () => {
    const { code, key, stderr } = await host().ask();
    expect([code, key]).to.deep.equal([0, OLD]);
    expect(stderr).to.include('there is no secret in eu-central-1 that ann may read');
    expect(stderr).to.include('right until its key is replaced');
  });

  it('is the new key after it, once AWS has said whose both are', async () => {
    host().situation = replaced;
    const { code, key, stderr } = await host().ask();
    expect([code, key, stderr]).to.deep.equal([0, NEW, '']);
    expect(actions()).to.deep.equal([
      `GetCallerIdentity ${OLD}`,
      `secretsmanager.GetSecretValue ${OLD}`,
      `GetCallerIdentity ${NEW}`,
    ]);
  });

  it('is asked of AWS once an hour, however many calls there are', async () => {
    host().situation = replaced;
    await host().ask();
    const asked = actions().length;
    for (let minutes = 1; minutes < 60; minutes += 6) {
      host().now += 6 * MINUTE - 1;
      expect((await host().ask()).key).to.equal(NEW);
    }
    expect(actions()).to.have.length(asked);
    host().now += MINUTE;
    expect((await host().ask()).key).to.equal(NEW);
    // Whose key it is was remembered.
    expect(actions().slice(asked)).to.deep.equal([`secretsmanager.GetSecretValue ${NEW}`]);
  });

  it('is asked of AWS at once with --refresh, or when the config files have changed', async () => {
    await host().ask();
    host().situation = replaced;
    expect((await host().ask()).key).to.equal(OLD);
    expect((await host().ask([...ASKED, '--refresh'])).key).to.equal(NEW);
    const asked = actions().length;
    host().write('.aws/config', '[profile other]\nregion = x\n');
    await host().ask();
    expect(actions()).to.have.length(asked + 1);
  });

  it('holds for an hour, as SDKs are told', async () => {
    const { stdout } = await host().ask();
    const { Expiration } = JSON.parse(stdout) as { Expiration: string };
    expect(Date.parse(Expiration)).to.equal(host().now + HOUR);
  });

  it('is the key at hand where there is no network, said on stderr, and tried again a minute later', async () => {
    host().situation = replaced;
    await host().ask();
    host().now += HOUR;
    host().situation = { secret: () => 'reset', identity: () => 'reset' };
    const offline = await host().ask();
    expect([offline.code, offline.key]).to.deep.equal([0, NEW]);
    expect(offline.stderr).to.include('using the key at hand').and.to.include('Check the network');
    const asked = actions().length;
    expect((await host().ask()).key).to.equal(NEW);
    expect(actions()).to.have.length(asked);
    host().situation = replaced;
    host().now += MINUTE;
    expect((await host().ask()).stderr).to.equal('');
  });

  it('is the key of the profile without a network from the start', async () => {
    host().situation = { secret: () => 'reset', identity: () => 'reset' };
    const { code, key, stderr } = await host().ask();
    expect([code, key]).to.deep.equal([0, OLD]);
    expect(stderr).to.include('whose key');
  });

  it('is the key of the profile where the remembered one is not taken any more', async () => {
    host().situation = replaced;
    await host().ask();
    host().now += HOUR;
    host().write('.aws/credentials', profileWith('AKIAEXAMPLE000THIRD'));
    host().situation = { keys: { AKIAEXAMPLE000THIRD: ARN } };
    const { code, key } = await host().ask();
    expect([code, key]).to.deep.equal([0, 'AKIAEXAMPLE000THIRD']);
  });

  it('is the remembered key after the first one went, and its profile with it', async () => {
    host().situation = replaced;
    await host().ask();
    host().now += HOUR;
    host().write('.aws/credentials', '');
    host().situation = { ...replaced, keys: { [NEW]: ARN } };
    expect(await host().ask()).to.deep.include({ code: 0, key: NEW, stderr: '' });
  });

  it('is the key at hand as long as AWS does not take the one in the secret, which is looked at again soon', async () => {
    host().situation = { ...replaced, keys: { [OLD]: ARN } };
    const { code, key, stderr } = await host().ask();
    expect([code, key]).to.deep.equal([0, OLD]);
    expect(stderr).to.include(`AWS does not take ${NEW}`);
    host().situation = replaced;
    host().now += 5 * MINUTE;
    expect((await host().ask()).key).to.equal(NEW);
  });

  it('is the key that a command prints, if the profile has one', async () => {
    const printed = JSON.stringify({ Version: 1, AccessKeyId: OLD, SecretAccessKey: 'secret' });
    host().write('.aws/credentials', `[first]\ncredential_process = echo '${printed}'\n`);
    expect(await host().ask()).to.deep.include({ code: 0, key: OLD });
  });

  it('is the written key of a profile that names an MFA device, which roles alone need', async () => {
    host().write('.aws/credentials', `${profileWith(OLD)}mfa_serial = arn:aws:iam::111122223333:mfa/ann\n`);
    expect(await host().ask()).to.deep.include({ code: 0, key: OLD });
  });

  describe('in a region without the secret', () => {
    const wrong = ['--user', 'ann', '--from', 'first', '--region', 'us-east-1'];
    const inPlace = ({ region }: { region: string }) => (region === PLACE ? secretWith(NEW) : nobodyAllows);
    const two = [
      [OLD, '2026-01-01T00:00:00Z'],
      [NEW, '2026-02-28T00:00:00Z'],
    ] as const;

    it('is that region, if the user has a newer key and may know of it', async () => {
      host().situation = { secret: inPlace, listed: two };
      const { code, stdout, stderr } = await host().ask(wrong);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.include(`access-key-rotation/ann in ${PLACE}: check --region`);
    });

    it('is that region, if this machine has a profile for it', async () => {
      host().write('.aws/config', `[profile other]\nregion = ${PLACE}\n`);
      host().situation = { secret: inPlace };
      expect((await host().ask(wrong)).code).to.equal(1);
    });

    it('is that region, once the secret was read there', async () => {
      host().situation = { secret: inPlace };
      await host().ask();
      const { code, stderr } = await host().ask(wrong);
      expect(code).to.equal(1);
      expect(stderr).to.include(`in ${PLACE}: check --region`);
    });

    it('is the key at hand, if a person has made the newer one; once a day it is looked for', async () => {
      host().situation = { listed: two };
      const { code, key, stderr } = await host().ask();
      expect([code, key]).to.deep.equal([0, OLD]);
      expect(stderr).to.include(`has a newer key, ${NEW}`);
      const asked = actions().length;
      host().now += HOUR;
      await host().ask();
      expect(actions()).to.have.length(asked + 1);
      host().now += DAY;
      await host().ask();
      expect(actions().length).to.be.greaterThan(asked + 10);
    });

    it('is the key at hand as long as nothing says that there is a secret, and says where it looked', async () => {
      const { code, key, stderr } = await host().ask(wrong);
      expect([code, key]).to.deep.equal([0, OLD]);
      expect(stderr)
        .to.include('there is no secret in us-east-1 that ann may read')
        .and.include('--region REGION');
    });

    it('makes no calls elsewhere that look like an attack, if nothing says that there is a secret', async () => {
      await host().ask(wrong);
      expect(new Set(host().aws.calls.map(({ region }) => region))).to.deep.equal(new Set(['us-east-1']));
    });
  });

  describe('in the region', () => {
    const leftOut = ['--user', 'ann', '--from', 'first'];
    const asked = async (args: readonly string[], AWS_REGION?: string) => {
      host().situation = { secret: () => secretWith(NEW) };
      host().write('.aws/config', '[profile first]\nregion = eu-west-3\n[default]\nregion = eu-west-2\n');
      const { code, stderr } = await host().ask(args, { AWS_REGION });
      expect(code, stderr).to.equal(0);
      return host().aws.calls.find(({ action }) => action === 'secretsmanager.GetSecretValue')?.region;
    };

    it('of the profile, where nothing else names one', async () => {
      expect(await asked(leftOut)).to.equal('eu-west-3');
    });

    it('of the environment, before that of the profile', async () => {
      expect(await asked(leftOut, 'us-west-2')).to.equal('us-west-2');
    });

    it('that was typed, before both', async () => {
      expect(await asked([...leftOut, '--region', 'sa-east-1'], 'us-west-2')).to.equal('sa-east-1');
    });

    it('of the ARN, before both', async () => {
      const arn = 'arn:aws:secretsmanager:ca-central-1:111122223333:secret:access-key-rotation/ann-AbCdEf';
      expect(await asked([...leftOut, '--secret', arn], 'us-west-2')).to.equal('ca-central-1');
    });
  });

  it('is remembered where nobody else can read it', async () => {
    await host().ask();
    expect(statSync(host().state).mode & 0o777).to.equal(0o600);
  });

  it('is never what the secret of somebody else holds', async () => {
    host().situation = { secret: () => holding('{}') };
    expect((await host().ask()).key).to.equal(OLD);
    host().situation = { secret: () => jsonError('ResourceNotFoundException') };
    expect((await host().ask([...ASKED, '--refresh'])).key).to.equal(OLD);
  });
});
