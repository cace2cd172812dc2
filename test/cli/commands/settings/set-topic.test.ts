import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { emulatorForThisFile } from '../../../support/world.ts';
import { APP, settingsWorld, type SettingsWorld } from './world.ts';

const HERE = ['--account', APP];

describe('settings that send digests to another topic', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  let sns: SNSClient;
  let topicArn = '';
  beforeEach(async () => {
    there = await settingsWorld(emulator());
    sns = new SNSClient(there.world.aws);
    ({ TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'own' })));
  });
  const Endpoint = 'ann@example.com';
  const subscribe = () => sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint }));
  const setTopic = (...words: readonly string[]) =>
    there.settings(['set', 'topicArn', topicArn, ...HERE, ...words]);
  const WHY = 'nothing that must be announced would be done';

  it('warn of one that nobody reads, before they ask, and go on if they shall', async () => {
    const { code, stderr } = await setTopic();
    expect([code, stderr.split('\n').slice(0, 4)]).to.deep.equal([
      2,
      [
        `Nobody reads what is published to ${topicArn}: nobody is subscribed; ${WHY}`,
        `  Next step: aws sns subscribe --region eu-central-1 --topic-arn ${topicArn} --protocol email --notification-endpoint security@example.com`,
        `account ${APP} added`,
        `  topicArn: not set -> ${topicArn}`,
      ],
    ]);
    expect(await there.rows()).to.deep.equal({});
    expect((await setTopic('--yes')).code).to.equal(0);
    expect(await there.rows()).to.deep.equal({ [`account#${APP}`]: { topicArn } });
  });

  it('warn programs too, of each topic once, also by file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'settings-'));
    const file = path.join(folder, 'settings.yaml');
    await writeFile(
      file,
      `organization: {topicArn: '${topicArn}'}\naccounts: {'${APP}': {topicArn: '${topicArn}'}}`,
    );
    const { stdout } = await there.settings(['import', file, '--yes', '--json']);
    await rm(folder, { recursive: true });
    const { warnings } = JSON.parse(stdout) as { readonly warnings: readonly object[] };
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.have.all.keys('message', 'nextStep');
  });

  it('warn where the subscriptions wait for their confirmation, and not where one is confirmed', async () => {
    await subscribe();
    const { stderr } = await setTopic();
    expect(stderr).to.include(`${topicArn}: not confirmed yet: ${Endpoint}; ${WHY}\n  Next step: Confirm it`);
    await emulator().confirmSubscription(topicArn, Endpoint);
    expect((await setTopic('--yes')).stderr).to.equal(
      `account ${APP} added\n  topicArn: not set -> ${topicArn}\n`,
    );
  });

  it('warn where nobody can tell who reads it, and are made all the same', async () => {
    await emulator().inject({
      action: 'sns:ListSubscriptionsByTopic',
      kind: 'error',
      code: 'AuthorizationError',
    });
    const { code, stderr } = await setTopic('--yes');
    expect([code, stderr.split('\n')[0]]).to.satisfy(
      ([number, line]: [number, string]) =>
        number === 0 &&
        line.startsWith(`Whether anybody reads what is published to ${topicArn} is not known: sns:List`),
    );
  });

  it('do not warn of a topic again that is set already', async () => {
    await setTopic('--yes');
    const { stderr } = await there.settings(['set', 'owner', 'x', ...HERE, '--yes']);
    expect(stderr).to.equal(`account ${APP} changed\n  owner: not set -> x\n`);
  });
});
