import { expect } from 'chai';
import { snsNotifier } from '../../../src/aws/messaging/notifier.ts';
import { createWorld, emulatorForThisFile } from '../../support/world.ts';

const MESSAGE = {
  subject: 'Access keys of app: 1 replaced',
  text: 'The key of ann was replaced.\n',
  json: '{"schemaVersion":1}',
  attributes: { accountId: '111111111101' },
};

describe('the notifier', () => {
  const emulator = emulatorForThisFile();

  it('sends what has several values as one list, which filter policies can match any of', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const lists = { owners: ['team-a', 'größe "b"'] };
    await snsNotifier(world.aws, world.organization.topicArn).publish({ ...MESSAGE, lists });
    const [published] = await emulator().notifications();
    expect(published?.attributes).to.deep.equal({
      accountId: '111111111101',
      owners: JSON.stringify(lists.owners),
    });
  });

  it('sends no list where there is none', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    await snsNotifier(world.aws, world.organization.topicArn).publish(MESSAGE);
    const [published] = await emulator().notifications();
    expect(published?.attributes).to.deep.equal(MESSAGE.attributes);
  });
});
