import { PublishBatchCommand, PublishCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { clientsFor, refusalOf, type Clients } from './clients.ts';

const REFUSED = 'InvalidParameterException';
const MESSAGES = [
  ['a subject of 100 characters', { Subject: 's'.repeat(100) }, 'accepted'],
  ['a subject of 101 characters', { Subject: 's'.repeat(101) }, REFUSED],
  ['a subject of two lines', { Subject: 'one\ntwo' }, REFUSED],
  ['a subject beyond ASCII', { Subject: 'Schlüssel' }, REFUSED],
  ['no subject', {}, 'accepted'],
  ['256 KB', { Message: 'm'.repeat(256 * 1024) }, 'accepted'],
  ['more than 256 KB', { Message: 'm'.repeat(256 * 1024 + 1) }, REFUSED],
  ['more than 256 KB in fewer characters', { Message: 'ü'.repeat(128 * 1024 + 1) }, REFUSED],
] as const;

describe('emulator: notifications', () => {
  const emulator = emulatorForThisFile();
  let sns: Clients['sns'];
  let TopicArn: string;

  beforeEach(async () => {
    const { credentials, topicArn } = await emulator().seed({
      accounts: [{ name: 'tools', users: [] }],
      service: { account: 'tools' },
    });
    TopicArn = topicArn;
    sns = clientsFor(emulator(), credentials).sns;
  });

  for (const [title, input, expected] of MESSAGES) {
    it(`${title}: ${expected === 'accepted' ? 'published' : 'refused'}`, async () => {
      const publishing = sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input }));
      expect(await refusalOf(publishing)).to.equal(expected);
      expect(await emulator().notifications()).to.have.length(expected === 'accepted' ? 1 : 0);
    });
  }

  it('are recorded completely, in order', async () => {
    const Message = '{"default":"hello","email":"Hello"}';
    await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: 'Greeting',
        Message,
        MessageStructure: 'json',
        MessageAttributes: {
          severity: { DataType: 'String', StringValue: 'high' },
          count: { DataType: 'Number', StringValue: '3' },
        },
      }),
    );
    await sns.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'bye' }] }),
    );
    expect(await emulator().notifications()).to.deep.equal([
      {
        topicArn: TopicArn,
        subject: 'Greeting',
        message: Message,
        messageStructure: 'json',
        attributes: { severity: 'high', count: '3' },
        deliveredTo: [],
      },
      { topicArn: TopicArn, message: 'bye', attributes: {}, deliveredTo: [] },
    ]);
    await emulator().forgetNotifications();
    expect(await emulator().notifications()).to.deep.equal([]);
  });

  it("aren't taken for a topic that isn't there", async () => {
    const publishing = sns.send(new PublishCommand({ TopicArn: `${TopicArn}-2`, Message: 'hello' }));
    expect(await refusalOf(publishing)).to.equal('NotFoundException');
  });
});
