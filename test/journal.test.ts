import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import sinon from 'sinon';
import type { AwsSettings } from '../src/aws/client/config.ts';
import { dynamoHistory } from '../src/aws/table/history.ts';
import { settingsHistoryItem } from '../src/aws/table/history-rows.ts';
import { dynamoTable } from '../src/aws/table/table.ts';
import type { HistoryEntry } from '../src/domain/rotation/history.ts';
import { keepJournal } from '../src/journal.ts';
import { entryWith, setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import { emulatorForThisFile, REGION } from './support/world.ts';

describe('the function that keeps the journal', () => {
  const emulator = emulatorForThisFile();
  const BY = 'arn:aws:iam::123456789012:user/ann';
  let lines: string[];
  let restore = () => {};
  let table: { readonly aws: AwsSettings; readonly tableName: string };

  beforeEach(async () => {
    await emulator().reset();
    const { credentials, tableName } = await emulator().seed({ accounts: [] });
    table = {
      aws: { region: REGION, endpoint: emulator().endpoint, credentials: async () => credentials },
      tableName,
    };
    const client = new SNSClient({ endpoint: emulator().endpoint, region: REGION, credentials });
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'operators' }));
    client.destroy();
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), credentials),
      POWERTOOLS_DEV: 'true',
      ROTATION_TABLE_NAME: tableName,
      ROTATION_HISTORY_DAYS: '100',
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

  describe('copies what a person has added about settings into the history', () => {
    const entry: HistoryEntry = entryWith({
      at: 1.7e12,
      by: BY,
      what: 'settings-changed',
      message: 'mode is enforce now',
    });
    const added = (changes: Partial<HistoryEntry> = {}, more: object = {}) => {
      const { pk, sk, ...values } = settingsHistoryItem(
        'organization',
        { ...entry, ...changes },
        'organization',
      );
      return record(pk, sk, { ...values, ...more });
    };
    const inTheTable = () => dynamoTable(table.aws, table.tableName).rows('history#organization');
    const kept = async () => (await dynamoHistory(table.aws, table.tableName).of('organization')).entries;

    it('as it is, for as long as the history is kept, whatever the person says', async () => {
      await keepJournal({ Records: [added({}, { expiresAt: 1, beside: 'x' })] });
      expect(await kept()).to.deep.equal([entry]);
      const [row] = await inTheTable();
      expect(Number(row?.['expiresAt'])).to.be.closeTo(Date.now() / 1000 + 100 * 86_400, 600);
      expect(row).not.to.have.property('beside');
    });

    it('once, and not again when it is told something else', async () => {
      await keepJournal({ Records: [added()] });
      await keepJournal({ Records: [added(), added({ message: 'nothing happened' })] });
      expect(await kept()).to.deep.equal([entry]);
    });

    it('but nothing that changed, that is gone, or that is no entry about settings', async () => {
      const [one] = [added()];
      const { Keys, NewImage } = one.dynamodb;
      await keepJournal({
        Records: [
          { dynamodb: { Keys, NewImage, OldImage: NewImage } },
          { dynamodb: { Keys, OldImage: NewImage } },
          added({ what: 'deactivated', accessKeyId: 'AKIA1' }),
          added({}, { at: 1.6e12 }),
        ],
      });
      expect(await inTheTable()).to.deep.equal([]);
    });

    it('and is tried again where that fails', async () => {
      await emulator().inject({ action: 'dynamodb:PutItem', kind: 'error', code: 'AccessDeniedException' });
      const outcome = await keepJournal({ Records: [added()] }).catch((error: unknown) => error);
      expect(outcome).to.be.an('error').with.nested.property('failure.kind', 'denied');
    });
  });

  it('fails when it can tell nobody, so that Lambda tries again, and the log has it all the same', async () => {
    process.env['OPERATORS_TOPIC_ARN'] = `arn:aws:sns:${REGION}:123456789012:nowhere`;
    const outcome = await keepJournal({ Records: [SETTINGS] }).catch((error: unknown) => error);
    expect(outcome).to.be.an('error').with.nested.property('failure.kind', 'not-found');
    expect(lines).to.have.length(1);
  });
});
