import { expect } from 'chai';
import { callsOf } from '../../aws/support.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { OrganizationSeed, RecordedEvent } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, REGION, userWithKey, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

const APP = '111111111101';

describe('usage', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let keyId: string;
  const begin = async (seed: Partial<OrganizationSeed> = {}) => {
    world = await createWorld(emulator(), {
      accounts: [{ name: 'app', users: [userWithKey('ann', { age: 65, usedAgo: 1 })] }],
      ...seed,
    });
    keyId = (await emulator().snapshot(APP))[0]?.users[0]?.keys[0]?.id ?? '';
    await emulator().forgetCalls();
  };
  const usage = (...args: readonly string[]) =>
    run(['usage', '--account', APP, '--user', 'ann', ...args], world);
  const called = async (...facts: readonly Partial<RecordedEvent>[]) => {
    const now = await emulator().now();
    const some = facts.map((one, index) => ({
      accountId: APP,
      region: REGION,
      accessKeyId: keyId,
      at: now - (index + 1) * 3_600_000,
      source: 's3.amazonaws.com',
      name: 'ListBuckets',
      detail: { sourceIPAddress: '198.51.100.7', userAgent: 'Boto3/1.26 Python/3.9' },
      ...one,
    }));
    await emulator().recordEvents(...some);
  };

  it('shows programs, addresses and calls of likely regions, and what is not in the history', async () => {
    await begin();
    await called(
      {},
      {},
      {
        region: 'us-east-1',
        source: 'iam.amazonaws.com',
        name: 'ListUsers',
        detail: { userAgent: 'Boto3/1', sourceIPAddress: '198.51.100.7', errorCode: 'AccessDenied' },
      },
      { detail: { userAgent: 'aws-cli/2.1', sourceIPAddress: '203.0.113.9' } },
      { accessKeyId: 'AKIAOTHER00000000001', name: 'NotOurs' },
      { at: (await emulator().now()) - 91 * DAY, name: 'TooOld' },
      { region: 'sa-east-1', name: 'Elsewhere' },
    );
    const { code, stdout, stderr } = await usage();
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.contain(`4 calls in ${REGION}, us-east-1:`);
    expect(stdout).to.match(
      /- Boto3 from 198\.51\.100\.7: 3 calls, .+\n +s3:ListBuckets \(2\), iam:ListUsers \(1\)\n +failed: AccessDenied \(1\)/,
    );
    expect(stdout).to.contain('- aws-cli from 203.0.113.9: 1 call, ');
    expect(stdout).not.to.match(/NotOurs|TooOld|Elsewhere/);
    expect(stdout).to.match(
      /Not in this history.*\n- calls more than 90 days ago[^]*data events[^]*in other regions/,
    );
    expect((await callsOf(emulator(), 'cloudtrail:LookupEvents')).map(({ status }) => status)).to.deep.equal([
      200, 200,
    ]);
  });

  it('looks in the regions that are named, page by page, two calls a second', async () => {
    await begin();
    await called(...Array.from({ length: 120 }, () => ({ region: 'sa-east-1' })));
    const before = Date.now();
    const { stdout } = await usage('--region', 'sa-east-1', '--json', '--key', keyId);
    expect(Date.now() - before).to.be.at.least(1_000);
    const { keys } = JSON.parse(stdout) as {
      readonly keys: readonly { readonly groups: readonly { readonly count: number }[] }[];
    };
    expect(keys.map(({ groups }) => groups.map(({ count }) => count))).to.deep.equal([[120]]);
    expect(await callsOf(emulator(), 'cloudtrail:LookupEvents')).to.have.length(3);
  });

  it('says that there is nothing, without calling that a proof', async () => {
    await begin();
    const { code, stdout } = await usage();
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^No calls in eu-central-1, us-east-1\.$/m)
      .and.to.contain('does not prove that nobody uses a key');
  });

  it('enters with a session that may do nothing else', async () => {
    await begin();
    await usage();
    const [entered] = await callsOf(emulator(), 'sts:AssumeRole');
    const { Statement } = JSON.parse(entered?.params['Policy'] ?? '{}') as { readonly Statement: unknown };
    expect(Statement).to.deep.equal([
      {
        Effect: 'Allow',
        Action: ['cloudtrail:LookupEvents', 'iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
        Resource: '*',
      },
    ]);
    const sent = new Set(
      (await emulator().calls())
        .map(({ action }) => action)
        .filter((one) => !/^(sts|dynamodb|organizations):/.test(one)),
    );
    expect([...sent].sort()).to.deep.equal([
      'cloudtrail:LookupEvents',
      'iam:GetAccessKeyLastUsed',
      'iam:ListAccessKeys',
    ]);
  });

  it('says what to deploy where the role may not, and ends with 1', async () => {
    const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } };
    await begin({
      accounts: [
        { name: 'app', memberRole: { policy }, users: [userWithKey('ann', { age: 65, usedAgo: 1 })] },
      ],
    });
    const { code, stdout } = await usage();
    expect(code).to.equal(1);
    expect(stdout).to.match(/failed {2}us-east-1: cloudtrail:LookupEvents: /);
    expect(stdout.replaceAll(/\s+/g, ' ')).to.contain('Deploy the member role again with AllowUsage=true');
  });

  it('shows hostile user agents as one line of text, and events without a body', async () => {
    await begin();
    const userAgent = 'Evil\u001b[31m/1\n- root from 10.0.0.1: 9 calls\u202e';
    await called(
      { detail: { userAgent, sourceIPAddress: 'a\nb' }, name: 'x\u0007y' },
      { detail: 'no object' },
      { detail: { userAgent: 7, sourceIPAddress: null } },
    );
    const { code, stdout } = await usage();
    expect(code).to.equal(0);
    expect(stdout).not.to.match(/^- root/m);

    expect(stdout).not.to.match(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(stdout).to.match(/- unknown program from unknown address: 2 calls/);
  });

  for (const [args, says] of [
    [['--region', 'here', 'x y'], /--region: must be a region like eu-central-1, not "here"[^]*not "x y"/],
    [['--key', 'AKIANOTTHERE00000001'], /--key: ann has no access key/],
  ] as const) {
    it(`ends with 2 for ${args.join(' ')}`, async () => {
      await begin();
      const { code, stdout, stderr } = await usage(...args);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says);
    });
  }
});
