import { expect } from 'chai';
import { stsVerifier } from '../../../src/aws/account/verifier.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import type { Fault } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, FIRST_MEMBER } from '../support.ts';

const KEY = 'AKIAEXAMPLE000000001';

describe('a new key', () => {
  const emulator = emulatorForThisFile();
  let key: CreatedKey;
  beforeEach(async () => {
    const users = [userWithKey('ann', { age: 0, id: KEY })];
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    const { secretAccessKey } = await emulator().keyCredentials(KEY);
    key = { id: KEY, status: 'active', createdAt: START, secret: secretAccessKey };
  });
  const verifier = async (accountId = FIRST_MEMBER) => stsVerifier(await adminOf(emulator()), accountId);

  it('answers with a call of its own', async () => {
    expect(await (await verifier()).answers(key)).to.deep.equal({ kind: 'answered' });
    const [call, ...more] = await emulator().calls();
    expect(call).to.include({ action: 'sts:GetCallerIdentity', accessKeyId: KEY });
    expect(more).to.deep.equal([]);
  });

  const NOT_YET: readonly (readonly [string, Omit<Fault, 'action'>, string])[] = [
    ['does not know it yet', { kind: 'error', code: 'InvalidClientTokenId', httpStatus: 403 }, 'denied'],
    ['is throttled', { kind: 'error', code: 'Throttling', httpStatus: 400 }, 'throttled'],
    ['fails', { kind: 'error' }, 'transient'],
    ['breaks off', { kind: 'reset' }, 'transient'],
  ];
  const refusalOf = async () => {
    const test = await (await verifier()).answers(key);
    return test.kind === 'refused' ? test.failure : undefined;
  };
  for (const [title, fault, kind] of NOT_YET) {
    it(`doesn't answer while AWS ${title}, is asked once, and says why`, async () => {
      await emulator().inject({ action: 'sts:*', ...fault });
      expect(await refusalOf()).to.include({ kind, during: 'sts:GetCallerIdentity' });
      expect(await callsOf(emulator(), 'sts:GetCallerIdentity')).to.have.length(1);
    });
  }

  it("doesn't answer when it was switched off", async () => {
    await emulator().setKey(KEY, { status: 'Inactive' });
    expect(await refusalOf()).to.include({ kind: 'denied' });
  });

  it('is refused with the cause when it is known, and the call is denied to it', async () => {
    const message = 'User ann is not authorized to perform sts:GetCallerIdentity with an explicit deny';
    await emulator().inject({
      action: 'sts:*',
      kind: 'error',
      code: 'AccessDenied',
      httpStatus: 403,
      message,
    });
    const failure = await failureOf((await verifier()).answers(key));
    expect(failure).to.include({ kind: 'denied', during: 'sts:GetCallerIdentity' });
    expect(failure.message).to.contain('explicit deny');
    expect(failure.nextStep).to.contain('sts:GetCallerIdentity');
  });

  it('is refused when it belongs to another account', async () => {
    const failure = await failureOf((await verifier('999999999999')).answers(key));
    expect(failure).to.include({ kind: 'unknown', during: 'sts:GetCallerIdentity' });
    expect(failure.message).to.contain(KEY).and.to.contain('999999999999');
    expect(JSON.stringify(failure)).not.to.contain(key.secret);
  });

  it("is refused when the answer can't be understood", async () => {
    await emulator().inject({ action: 'sts:*', kind: 'malformed' });
    expect(await failureOf((await verifier()).answers(key))).to.include({ kind: 'unknown' });
  });
});
