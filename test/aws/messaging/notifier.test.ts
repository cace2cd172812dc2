import { expect } from 'chai';
import { snsNotifier } from '../../../src/aws/messaging/notifier.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { failureOf } from '../support.ts';

const message = {
  subject: 'Access keys of app: 1 replaced',
  text: 'The key of ann was replaced.\n',
  json: '{"schemaVersion":1}',
  attributes: { accountId: '111111111101', severity: 'info' },
};

describe('the notifier', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const notifier = async (seed: Partial<OrganizationSeed> = {}, topic?: string, region?: string) => {
    world = await createWorld(emulator(), { accounts: [], ...seed });
    const settings = { ...world.aws, ...(region === undefined ? {} : { region }) };
    return snsNotifier(settings, topic ?? world.organization.topicArn);
  };

  it('publishes text by e-mail, a line by SMS, and JSON to everything else', async () => {
    await (await notifier()).publish(message);
    const [published, ...more] = await emulator().notifications();
    expect(more).to.deep.equal([]);
    expect(published).to.deep.include({
      topicArn: world.organization.topicArn,
      subject: message.subject,
      messageStructure: 'json',
      attributes: message.attributes,
    });
    expect(JSON.parse(published?.message ?? '')).to.deep.equal({
      default: message.json,
      email: message.text,
      sms: message.subject,
    });
  });

  it('publishes by HTTPS what chat rooms show, where there is such a form', async () => {
    await (await notifier()).publish({ ...message, chat: '{"version":"1.0"}' });
    const [published] = await emulator().notifications();
    expect(JSON.parse(published?.message ?? '')).to.deep.equal({
      default: message.json,
      email: message.text,
      sms: message.subject,
      https: '{"version":"1.0"}',
    });
  });

  it('goes to the region of the topic, not to its own', async () => {
    await (await notifier({}, undefined, 'us-east-1')).publish(message);
    expect(await emulator().notifications()).to.have.length(1);
  });

  it('says so when it may not publish', async () => {
    const policy = { Statement: { Effect: 'Deny', Action: 'sns:*', Resource: '*' } };
    const failure = await failureOf((await notifier({ service: { policy } })).publish(message));
    expect(failure).to.include({ kind: 'denied', during: 'sns:Publish' });
    expect(failure.nextStep).to.contain(world.organization.topicArn);
    expect(await emulator().notifications()).to.deep.equal([]);
  });

  it('says so when there is no such topic', async () => {
    const topic = 'arn:aws:sns:eu-central-1:123456789012:nowhere';
    const failure = await failureOf((await notifier({}, topic)).publish(message));
    expect(failure).to.include({ kind: 'not-found', during: 'sns:Publish' });
    expect(failure.nextStep).to.contain(topic);
  });

  it('resolves only when the message was accepted', async () => {
    const sns = await notifier();
    await emulator().inject({
      action: 'sns:Publish',
      kind: 'error',
      code: 'InvalidParameter',
      httpStatus: 400,
    });
    expect(await failureOf(sns.publish(message))).to.include({ kind: 'unknown', during: 'sns:Publish' });
  });
});
