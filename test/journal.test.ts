import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import sinon from 'sinon';
import { keepJournal } from '../src/journal.ts';
import { setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import { emulatorForThisFile, REGION } from './support/world.ts';

describe('the function that keeps the journal', () => {
  const emulator = emulatorForThisFile();
  const BY = 'arn:aws:iam::123456789012:user/ann';
  let lines: string[];
  let restore = () => {};

  beforeEach(async () => {
    await emulator().reset();
    const { credentials } = await emulator().seed({ accounts: [] });
    const client = new SNSClient({ endpoint: emulator().endpoint, region: REGION, credentials });
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'operators' }));
    client.destroy();
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), credentials),
      POWERTOOLS_DEV: 'true',
    });
    process.env['OPERATORS_TOPIC_ARN'] = TopicArn;
    lines = [];
    for (const name of ['info', 'warn', 'log'] as const) {
      sinon.stub(console, name).callsFake((line) => lines.push(String(line)));
    }
  });
  afterEach(() => {
    sinon.restore();
    delete process.env['OPERATORS_TOPIC_ARN'];
    restore();
  });

  const record = (pk: string, sk: string, values: object) => ({
    dynamodb: { Keys: marshall({ pk, sk }), NewImage: marshall({ pk, sk, ...values }) },
  });
  const SETTINGS = record('settings', 'organization', { values: { mode: 'enforce' }, updatedBy: BY });
  const HISTORY = record('history#organization', '1', { at: 1e12, by: BY, what: 'settings-changed' });

  it('writes it into the log, and tells the operators of settings', async () => {
    await keepJournal({ Records: [HISTORY, SETTINGS] });
    const logged = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(logged.map(({ message, by }) => [message, by])).to.deep.equal([
      ['history', BY],
      ['settings changed', BY],
    ]);
    const [message, ...others] = await emulator().notifications();
    expect(others).to.deep.equal([]);
    expect(message?.subject).to.equal('Access key rotation: settings were changed');
    expect(message?.message).to.include(`organization: by ${BY}`);
  });

  it('tells nobody of what is only added to the history', async () => {
    await keepJournal({ Records: [HISTORY] });
    expect(lines).to.have.length(1);
    expect(await emulator().notifications()).to.deep.equal([]);
  });

  it('fails when it can tell nobody, so that Lambda tries again, and the log has it all the same', async () => {
    process.env['OPERATORS_TOPIC_ARN'] = `arn:aws:sns:${REGION}:123456789012:nowhere`;
    const outcome = await keepJournal({ Records: [SETTINGS] }).catch((error: unknown) => error);
    expect(outcome).to.be.an('error').with.nested.property('failure.kind', 'not-found');
    expect(lines).to.have.length(1);
  });
});
