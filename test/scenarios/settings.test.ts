import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { readOwnKey } from '../support/own-key.ts';
import { adminOf, MANAGEMENT } from '../aws/support.ts';
import { APP, DATA, settingsWorld, type SettingsWorld } from '../cli/commands/settings/world.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { accountIn, emulatorForThisFile, outcomesIn, REGION, userWithKey } from '../support/world.ts';
import { publishedAbout, textPublished } from '../support/found.ts';

const due = (userName: string, more: Partial<SeedUser> = {}): SeedUser => ({
  ...userWithKey(userName, { age: 65, usedAgo: 1 }),
  ...more,
});

/** What administrators set, as it comes out of whole runs. */
describe('A run over an organization with settings', function () {
  const emulator = emulatorForThisFile();
  let at: SettingsWorld;
  const begin = async (...users: readonly SeedUser[]) => {
    at = await settingsWorld(emulator(), users);
  };
  const set = async (...words: readonly string[]) => {
    const { code, stderr } = await at.settings(['set', ...words, '--yes']);
    expect(code, stderr).to.equal(0);
  };
  const rotated = async () => outcomesIn(await at.world.run(), 'app');

  it('rotates only the listed service user, as a first step', async () => {
    await begin(due('svc-ledger'), due('ann'));
    await set('includeUsers', 'svc-ledger', '--organization');
    const report = await at.world.run();
    expect(outcomesIn(report, 'app')).to.deep.equal(['svc-ledger replace due applied']);
    const account = accountIn(report, 'app');
    expect(account.status === 'rotated' && account.uncovered).to.deep.equal(['ann']);
  });

  describe('where a user has a tag that could exempt him', () => {
    const tagged = due('ann', { tags: { rotate: 'no' } });
    const exemption = {
      users: ['tag:rotate=no'],
      owner: 'ops',
      reason: 'vendor',
      until: '2026-06-01',
    };

    it('rotates him all the same, as long as the organization does not name that tag', async () => {
      await begin(tagged);
      expect(await rotated()).to.deep.equal(['ann replace due applied']);
    });

    it('leaves him alone where the organization names it', async () => {
      await begin(tagged);
      await at.putItem('organization', { values: { exemptions: [exemption] }, final: [] });
      expect(await rotated()).to.deep.equal(['ann exempt exempt none']);
    });

    it('stops an account whose own settings name it, instead of believing them or not', async () => {
      await begin(tagged);
      await at.putItem(`account#${APP}`, { values: { exemptions: [exemption] }, final: [] });
      expect(await rotated()).to.deep.equal(['unreachable']);
      expect((await emulator().snapshot(APP))[0]?.users[0]?.keys).to.have.length(1);
    });

    it("skips whoever's tags can not be read, and nobody else", async () => {
      await begin(tagged, due('bob'));
      await at.putItem('organization', { values: { exemptions: [exemption] }, final: [] });
      const denied = { kind: 'error', code: 'AccessDenied', match: { UserName: 'bob' } } as const;
      await emulator().inject({ action: 'iam:ListUserTags', ...denied });
      const account = accountIn(await at.world.run(), 'app');
      if (account.status !== 'rotated') throw new Error(account.status);
      expect(account.outcomes.map(({ decision }) => `${decision.userName} ${decision.action}`)).to.deep.equal(
        ['ann exempt'],
      );
      expect(account.gaps.map(({ userName }) => userName)).to.deep.equal(['bob']);
    });

    it('leaves a member of a named group alone until the exemption ends, which it says two weeks ahead', async () => {
      await begin(due('ann', { groups: ['vendors'] }));
      const ofGroup = { ...exemption, users: ['group:vendors'], until: '2026-01-20' };
      await at.putItem('organization', { values: { exemptions: [ofGroup] }, final: [] });
      expect(await rotated()).to.deep.equal(['ann exempt exempt none']);
      await at.world.pass(7);
      await at.world.run();
      expect(await textPublished(emulator())).to.include('is exempt until then');
      await at.world.pass(8);
      expect(await rotated()).to.deep.equal(['ann replace due applied']);
    });
  });

  it('names the owner of the keys in digest, attributes and events', async () => {
    await begin(due('ann', { tags: { Team: 'payments' } }));
    await set('ownerTag', 'team', '--organization');
    await at.world.run();
    const [digest] = await emulator().notifications();
    expect(digest?.message).to.include('ann (owner: payments)');
    expect(digest?.attributes['owners']).to.equal('["payments"]');
    const [event] = await emulator().events();
    expect(event?.detail).to.include({ userName: 'ann', owner: 'payments' });
  });

  it('sends the digest of an account to its own topic, and the summary to the shared one', async () => {
    await begin(due('ann'));
    const sns = new SNSClient({ ...at.world.aws });
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'access-key-rotation-app' }));
    await set('topicArn', TopicArn, '--account', APP);
    await at.world.run();
    expect((await emulator().notifications()).map(({ topicArn }) => topicArn)).to.deep.equal([
      TopicArn,
      at.world.organization.topicArn,
    ]);
  });

  it('sends a digest every week where that is wanted, and otherwise none when nothing happens', async () => {
    await begin(userWithKey('ann', { age: 5, usedAgo: 1 }));
    await set('digestFrequency', 'weekly', '--account', APP);
    const digestsOfNextRun = async () => {
      await emulator().forgetNotifications();
      await at.world.run();
      return (await publishedAbout(emulator(), APP)).length;
    };
    expect([await digestsOfNextRun(), await digestsOfNextRun()], 'twice on one day').to.deep.equal([1, 0]);
    await at.world.pass(7);
    expect(await digestsOfNextRun(), 'a week later').to.equal(1);
  });

  it('sends each owner a message of his own where that is wanted, which no filter by account lets through', async () => {
    await begin(due('ann', { tags: { team: 'payments' } }), due('bob'));
    await set('ownerTag', 'team', '--organization');
    await set('perOwner', 'true', '--account', APP);
    await at.world.run();
    const [digest, message, ...more] = (await emulator().notifications()).filter(
      ({ attributes }) => attributes['accountId'] !== 'organization',
    );
    expect(digest?.attributes).to.include({ accountId: APP });
    expect(message?.attributes).to.deep.equal({ audience: 'owner', owner: 'payments' });
    expect(message?.message).to.contain('ann').and.not.to.contain('bob');
    expect(message?.topicArn).to.equal(digest?.topicArn);
    expect(more).to.deep.equal([]);
  });

  it('keeps a central secret that its user really can read from the own account', async () => {
    await begin({
      userName: 'svc',
      keys: [
        { id: 'AKIASVC0000000000001', createdAt: Date.UTC(2025, 9, 1), lastUsedAt: Date.UTC(2026, 0, 4) },
      ],
    });
    const admin = await adminOf(emulator(), MANAGEMENT);
    const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const { KeyMetadata } = await new KMSClient(admin).send(new CreateKeyCommand({ Policy }));
    await set('secretKmsKeyId', KeyMetadata?.Arn ?? '', '--account', APP);
    await set('secretDelivery', 'central', '--account', APP);
    expect(await rotated()).to.deep.equal(['svc replace due applied']);

    const { stdout } = await at.settings(['show', '--account', APP, '--user', 'svc', '--json']);
    const shown = JSON.parse(stdout) as { readonly central?: { readonly identityPolicy?: object } };
    expect(shown.central?.identityPolicy, stdout).to.be.an('object');
    const iam = new IAMClient(await adminOf(emulator(), APP));
    const PolicyDocument = JSON.stringify(shown.central?.identityPolicy);
    await iam.send(new PutUserPolicyCommand({ UserName: 'svc', PolicyName: 'own-key', PolicyDocument }));

    const [digest] = await emulator().notifications();
    const arn = /arn:aws:secretsmanager:[^"\\ ]*central[^"\\ ]*/.exec(digest?.message ?? '')?.[0] ?? '';
    const held = await emulator().keyCredentials('AKIASVC0000000000001');
    const key = await readOwnKey({ region: REGION, endpoint: emulator().endpoint }, 'svc', held, arn);
    const keys = (await emulator().snapshot(APP))[0]?.users[0]?.keys.map(({ id }) => id);
    expect(key?.accessKeyId).to.equal(keys?.[1]);
  });

  it('publishes a secret only where that was named, and not to e-mail readers unless confirmed twice', async () => {
    await begin(due('ann'));
    const sns = new SNSClient({ ...at.world.aws });
    const TopicArn = at.world.organization.topicArn;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }));
    const refused = await at.settings(['set', 'secretDelivery', 'sns-plaintext', '--account', APP, '--yes']);
    expect(refused.code).to.equal(2);
    await at.putItem(`account#${APP}`, { values: { secretDelivery: 'sns-plaintext' }, final: [] });
    expect(await rotated(), 'a row that nobody checked').to.deep.equal(['unreachable']);
    expect(await emulator().secretsHandedOut()).to.deep.equal([]);

    await set('snsPlaintextToEmail', 'confirmed', '--account', APP);
    expect(await rotated()).to.deep.equal(['ann replace due applied']);
    const [secret = ''] = await emulator().secretsHandedOut();
    const messages = (await emulator().notifications()).map(({ message }) => message);
    expect(messages.filter((message) => message.includes(secret))).to.have.length(1);
    expect(
      messages.some((message) => message.includes('WARNING')),
      'in every digest',
    ).to.equal(true);
    expect(await emulator().secretValue(APP, 'access-key-rotation/ann'), 'not lost either').to.include(
      secret,
    );
  });

  it('names the account whose row is wrong, and goes on with the others', async () => {
    await begin(due('ann'));
    await at.putItem(`account#${DATA}`, { values: { rotateAfter: 'soon' }, final: [] });
    const report = await at.world.run();
    expect(outcomesIn(report, 'app')).to.deep.equal(['ann replace due applied']);
    const bad = accountIn(report, 'data');
    expect(bad.status === 'unreachable' && bad.failure.message).to.include('rotateAfter');
  });
});
