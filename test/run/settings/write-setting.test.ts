import { expect } from 'chai';
import { OperationError } from '../../../src/domain/errors.ts';
import type { SettingsRow, Target } from '../../../src/domain/settings/setting.ts';
import type { SettingsRowWrite } from '../../../src/run/ports/settings.ts';
import { writeSettings, type SettingChange } from '../../../src/run/settings/write-setting.ts';

const AT = Date.UTC(2026, 0, 5);
const BY = 'arn:aws:iam::111122223333:user/admin';
const ACCOUNT = '444455556666';

const rowOf = (target: Target): SettingsRow => ({ target, values: { rotateAfter: 45 }, final: [] });
const said = { reason: 'rotateAfter', message: 'Settings changed: rotateAfter: 60 -> 45' };

/** Writes the changes; gives what arrives at the store. */
async function written(changes: readonly SettingChange[]): Promise<readonly SettingsRowWrite[]> {
  const arrived: SettingsRowWrite[] = [];
  await writeSettings(changes, {
    at: AT,
    runId: 'run-1',
    sessions: { caller: async () => BY },
    writer: { write: async (rows) => void arrived.push(...rows) },
  });
  return arrived;
}

describe('writing settings', () => {
  for (const [whose, key, target, partition, named] of [
    ['the organization', 'organization', { level: 'organization' }, 'organization', {}],
    ['a unit', 'ou#ou-1', { level: 'organizational-unit', ouId: 'ou-1' }, 'organization', {}],
    ['an account', `account#${ACCOUNT}`, { level: 'account', accountId: ACCOUNT }, ACCOUNT, {}],
    [
      'a user',
      `user#${ACCOUNT}#ann`,
      { level: 'user', accountId: ACCOUNT, userName: 'ann' },
      ACCOUNT,
      { userName: 'ann' },
    ],
  ] as const) {
    it(`puts the row of ${whose}, and who did it into the history of ${partition}`, async () => {
      const after = rowOf(target);
      expect(await written([{ key, target, after, ...said }])).to.deep.equal([
        {
          key,
          after,
          partition,
          entry: { at: AT, runId: 'run-1', by: BY, what: 'settings-changed', ...named, ...said },
        },
      ]);
    });
  }

  it('removes a row, even one whose key nobody understands', async () => {
    const [row] = await written([{ key: 'nonsense', ...said }]);
    expect(row).to.not.have.property('after');
    expect(row).to.include({ key: 'nonsense', partition: 'organization' });
  });

  it('keeps what the history says so short that it fits into the table', async () => {
    const [row] = await written([
      { key: 'nonsense', reason: 'r'.repeat(10_000), message: 'm'.repeat(10_001) },
    ]);
    expect(row?.entry.reason).to.equal('r'.repeat(10_000));
    expect(row?.entry.message).to.have.length(10_000);
    expect(row?.entry.message).to.match(/^m+ \.\.\. \(cut: 10001 characters in full\)$/);
  });

  it('writes nothing when nobody can say who does it', async () => {
    const failure = {
      kind: 'denied',
      during: 'sts:GetCallerIdentity',
      message: 'no',
      nextStep: 'Ask.',
    } as const;
    const arrived: SettingsRowWrite[] = [];
    const attempt = writeSettings([{ key: 'nonsense', ...said }], {
      at: AT,
      runId: 'run-1',
      sessions: { caller: async () => Promise.reject(new OperationError(failure)) },
      writer: { write: async (rows) => void arrived.push(...rows) },
    });
    const error = await attempt.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(OperationError).with.property('failure').that.deep.equals(failure);
    expect(arrived).to.deep.equal([]);
  });
});
