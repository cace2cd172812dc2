import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { snsPlaintext } from '../../../src/aws/messaging/plaintext-sender.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { accountWith, callsOf, failureOf, FIRST_MEMBER, once } from '../support.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const key: CreatedKey = { id: 'AKIA1', status: 'active', createdAt: START, secret: SECRET };
const account = { ...accountWith(FIRST_MEMBER), name: 'Zahlung & Ärger' };
const listing = 'sns:ListSubscriptionsByTopic';

describe('the sender of secrets in plaintext', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const sender = async (seed: Partial<OrganizationSeed> = {}, topic?: string, region?: string) => {
    world = await createWorld(emulator(), { accounts: [], topicReaders: [], ...seed });
    const settings = { ...world.aws, ...(region === undefined ? {} : { region }) };
    return snsPlaintext(settings, topic ?? world.organization.topicArn);
  };
  const subscribe = async (Protocol: string, Endpoint: string) => {
    const sns = new SNSClient(once(world.aws));
    await sns.send(new SubscribeCommand({ TopicArn: world.organization.topicArn, Protocol, Endpoint }));
  };

  it('publishes the key to be read by people and by programs', async () => {
    await (await sender()).send(account, { userName: 'ann' }, key);
    const [published, ...more] = await emulator().notifications();
    expect(more).to.deep.equal([]);
    expect(published).to.deep.include({
      topicArn: world.organization.topicArn,
      subject: `New access key of ann in ${FIRST_MEMBER}`,
      messageStructure: 'json',
      attributes: { accountId: FIRST_MEMBER, accountName: account.name },
    });
    const forms = JSON.parse(published?.message ?? '') as Record<'default' | 'email' | 'sms', string>;
    expect(JSON.parse(forms.default)).to.deep.equal({
      schemaVersion: 1,
      accountId: FIRST_MEMBER,
      accountName: account.name,
      userName: 'ann',
      accessKeyId: key.id,
      secretAccessKey: SECRET,
    });
    expect(forms.email).to.contain(key.id).and.to.contain(SECRET);
    expect(forms.sms).not.to.contain(SECRET);
  });

  it('has a subject that SNS takes, however long the name of the user', async () => {
    await (await sender()).send(account, { userName: 'x'.repeat(64) }, key);
    const [published] = await emulator().notifications();
    expect(published?.subject).to.match(/^[ -~]{1,100}$/);
  });

  it('goes to the region of the topic, not to its own', async () => {
    const plaintext = await sender({}, undefined, 'us-east-1');
    await plaintext.send(account, { userName: 'ann' }, key);
    expect(await plaintext.hasEmailReaders()).to.equal(false);
    expect(await emulator().notifications()).to.have.length(1);
  });

  for (const message of [`bad value ${SECRET}`, `Message=${encodeURIComponent(SECRET)}`, SECRET.repeat(2)]) {
    it(`doesn't repeat the secret when it is refused with ${message.replaceAll(SECRET, 'it')}`, async () => {
      const plaintext = await sender();
      await emulator().inject({ action: 'sns:Publish', kind: 'error', code: 'InvalidParameter', message });
      const failure = await failureOf(plaintext.send(account, { userName: 'ann' }, key));
      expect(failure.during).to.equal('sns:Publish');
      expect(JSON.stringify(failure)).not.to.contain(SECRET);
      expect(JSON.stringify(failure)).not.to.contain(encodeURIComponent(SECRET));
      expect(failure.message).to.contain('[secret]');
    });
  }

  for (const [protocol, endpoint, expected] of [
    ['email', 'ann@example.com', true],
    ['email-json', 'ann@example.com', true],
    ['sqs', `arn:aws:sqs:eu-central-1:${FIRST_MEMBER}:keys`, false],
    ['https', 'https://example.com/keys', false],
  ] as const) {
    it(`knows that ${protocol} ${expected ? 'has e-mail readers' : 'has none'}, confirmed or not`, async () => {
      const plaintext = await sender();
      expect(await plaintext.hasEmailReaders()).to.equal(false);
      await subscribe(protocol, endpoint);
      expect(await plaintext.hasEmailReaders()).to.equal(expected);
      await emulator().confirmSubscription(world.organization.topicArn, endpoint);
      expect(await plaintext.hasEmailReaders()).to.equal(expected);
    });
  }

  it('finds an e-mail reader on the last page', async () => {
    const plaintext = await sender();
    for (const name of ['a', 'b', 'c', 'd']) {
      await subscribe('sqs', `arn:aws:sqs:eu-central-1:${FIRST_MEMBER}:${name}`);
    }
    await subscribe('email', 'ann@example.com');
    await emulator().setPageSizes({ listSubscriptionsByTopic: 2 });
    await emulator().forgetCalls();
    expect(await plaintext.hasEmailReaders()).to.equal(true);
    expect(await callsOf(emulator(), listing)).to.have.length(3);
  });

  it("doesn't take a list that breaks off for the whole", async () => {
    const plaintext = await sender();
    for (const name of ['a', 'b', 'c']) {
      await subscribe('sqs', `arn:aws:sqs:eu-central-1:${FIRST_MEMBER}:${name}`);
    }
    await emulator().setPageSizes({ listSubscriptionsByTopic: 2 });
    await emulator().inject({ action: listing, kind: 'error', code: 'AuthorizationError', skip: 1 });
    expect(await failureOf(plaintext.hasEmailReaders())).to.include({ kind: 'denied', during: listing });
  });

  const nowhere = 'arn:aws:sns:eu-central-1:123456789012:nowhere';
  const policy = { Statement: { Effect: 'Deny', Action: 'sns:*', Resource: '*' } };
  for (const [title, seed, topic, kind] of [
    ['it may not', { service: { policy } }, undefined, 'denied'],
    ['there is no such topic', {}, nowhere, 'not-found'],
  ] as const) {
    it(`says so when ${title}`, async () => {
      const plaintext = await sender(seed, topic);
      for (const call of [
        () => plaintext.hasEmailReaders(),
        () => plaintext.send(account, { userName: 'ann' }, key),
      ]) {
        const failure = await failureOf(call());
        expect(failure.kind).to.equal(kind);
        expect(failure.nextStep).to.contain(topic ?? world.organization.topicArn);
      }
    });
  }
});
