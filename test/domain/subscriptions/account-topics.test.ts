import { expect } from 'chai';
import { topicsOfAccounts } from '../../../src/domain/subscriptions/account-topics.ts';
import type { SettingsSnapshot, SettingsRow, SettingValues } from '../../../src/domain/settings/setting.ts';
import { account, snapshotOf, TOPIC_ARN } from '../../support/builders.ts';

const SERVICE = '999999999999';
const [APP, DATA, WEB] = ['111111111101', '111111111102', '111111111103'];
const OWN = 'arn:aws:sns:eu-central-1:999999999999:own';
const accounts = [APP, DATA, WEB].map((id) =>
  account({ id, ouPath: id === WEB ? ['r-1', 'ou-1'] : ['r-1'] }),
);

const rowFor = (accountId: string, values: Partial<SettingValues>): SettingsRow => ({
  target: { level: 'account', accountId },
  values,
  final: [],
});
const find = (changes: Partial<SettingsSnapshot> = {}, serviceAccountId = SERVICE) => {
  const found = topicsOfAccounts({ ...snapshotOf(), ...changes }, accounts, serviceAccountId);
  return { ...found, of: (id: string) => found.topics.get(id) };
};

describe('the topics of accounts', () => {
  it('are the shared one where nothing else is set', () => {
    const { topics, organizationTopicArn, of } = find();
    expect([...topics.keys()]).to.deep.equal([APP, DATA, WEB]);
    expect(of(APP)).to.deep.include({ topicArn: TOPIC_ARN, alone: false });
    expect(of(APP)).not.to.have.property('bound');
    expect(organizationTopicArn).to.equal(TOPIC_ARN);
  });

  it('are their own where one is set for one account alone', () => {
    const { of } = find({ rows: [rowFor(APP, { topicArn: OWN })] });
    expect(of(APP)).to.deep.include({ topicArn: OWN, alone: true });
    expect(of(DATA)).to.deep.include({ topicArn: TOPIC_ARN, alone: false });
  });

  it('are shared where two accounts have the same one', () => {
    const rows = [APP, DATA].map((id) => rowFor(id, { topicArn: OWN }));
    expect(find({ rows }).of(APP)).to.include({ topicArn: OWN, alone: false });
  });

  it("are shared where it is the organization's, though one account is left there", () => {
    const rows = [
      rowFor(APP, { topicArn: OWN }),
      {
        target: { level: 'organizational-unit', ouId: 'ou-1' },
        values: { topicArn: `${OWN}-1` },
        final: [],
      } as const,
    ];
    const { of } = find({ rows });
    expect([of(APP)?.alone, of(DATA)?.alone, of(WEB)?.alone]).to.deep.equal([true, false, true]);
  });

  it('count as shared while the settings of any account can not be used', () => {
    const badRows = [{ target: { level: 'account', accountId: DATA }, message: 'account row: bad' } as const];
    const { of, failures } = find({ rows: [rowFor(APP, { topicArn: OWN })], badRows });
    expect(of(APP)).to.include({ topicArn: OWN, alone: false });
    expect(of(DATA)).to.equal(undefined);
    expect(failures.get(DATA)?.message).to.equal('account row: bad');
  });

  it('are missing where none is set', () => {
    const [first] = snapshotOf().base;
    const { topicArn: _topic, ...values } = first!.values;
    const { failures, topics } = find({ base: [{ ...first!, values }] });
    expect([topics.size, failures.get(APP)?.message]).to.deep.equal([0, 'no topic is set']);
  });

  for (const [title, changes, bound, service] of [
    [
      'a unit has it as final',
      {
        rows: [
          {
            target: { level: 'organizational-unit', ouId: 'ou-1' },
            values: { topicArn: OWN },
            final: ['topicArn'],
          },
        ],
      },
      'topicArn is final for organizational unit ou-1',
    ],
    [
      'it is in another account',
      {},
      'its topic is in account 999999999999, and topics are made in account 123456789012',
      '123456789012',
    ],
    [
      'its name is too long already',
      { rows: [rowFor(WEB, { topicArn: `${OWN}${'n'.repeat(241)}` })] },
      'the name of its topic is too long to be followed by the account id (256 characters at most)',
    ],
  ] as const) {
    it(`stay as they are where ${title}`, () => {
      expect(find(changes, service).of(WEB)?.cannotMoveReason).to.equal(bound);
    });
  }

  it('may take one more where its name just fits, and where the account itself has it as final', () => {
    const topicArn = `${OWN}${'n'.repeat(240)}`;
    const rows = [{ ...rowFor(WEB, { topicArn }), final: ['topicArn'] as const }];
    expect(find({ rows }).of(WEB)).not.to.have.property('bound');
  });

  it('say where secrets are published to them', () => {
    const rows = [rowFor(APP, { secretDelivery: 'sns-plaintext' })];
    expect(find({ rows }).of(APP)).to.include({ plaintext: 'refused' });
  });
});
