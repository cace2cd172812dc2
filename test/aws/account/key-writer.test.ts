import { IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import sinon from 'sinon';
import { iamKeyWriter } from '../../../src/aws/account/key-writer.ts';
import { stsSessions } from '../../../src/aws/account/sts-sessions.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import type { KeyWriter } from '../../../src/run/ports/keys.ts';
import type { Fault } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../../support/world.ts';
import {
  accountWith,
  callsOf,
  clientThat,
  SESSION_OPTIONS,
  failureOf,
  FIRST_MEMBER,
  settingsFor,
} from '../support.ts';

const KEY = 'AKIAEXAMPLE000000001';
const role = { roleName: 'access-key-rotation', rolePath: '/', runId: 'run-1' };

describe('the writer of keys', () => {
  const emulator = emulatorForThisFile();
  let writer: KeyWriter;
  beforeEach(async () => {
    const users = [userWithKey('ann', { age: 65, usedAgo: 1, id: KEY })];
    const { aws, clock } = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    ({ writer } = await stsSessions(aws, role, clock).open(accountWith(FIRST_MEMBER), SESSION_OPTIONS));
  });
  const keys = async () => (await emulator().snapshot(FIRST_MEMBER))[0]?.users[0]?.keys ?? [];

  it('creates a key and hands out what IAM said, once', async () => {
    const created = await writer.create('ann');
    const [, found] = await keys();
    expect(created).to.include({ id: found?.id, status: 'active', createdAt: found?.createdAt });
    expect([created.secret]).to.deep.equal(await emulator().secretsHandedOut());
  });

  const FAULTS: readonly (readonly [string, Omit<Fault, 'action'>, string])[] = [
    ['a 500', { kind: 'error' }, 'transient'],
    ['a 503', { kind: 'error', code: 'ServiceUnavailable' }, 'transient'],
    ['throttling', { kind: 'error', code: 'Throttling', httpStatus: 400 }, 'throttled'],
    ['a reset', { kind: 'reset' }, 'transient'],
    ['half an answer', { kind: 'malformed' }, 'unknown'],
    ['a denial', { kind: 'error', code: 'AccessDenied' }, 'denied'],
    ['the limit of two keys', { kind: 'error', code: 'LimitExceeded', httpStatus: 409 }, 'limit'],
  ];
  for (const [title, fault, kind] of FAULTS) {
    for (const when of ['before', 'after'] as const) {
      it(`asks for a key exactly once when ${title} comes ${when} it is made`, async () => {
        await emulator().inject({ action: 'iam:CreateAccessKey', ...fault, when });
        expect(await failureOf(writer.create('ann'))).to.include({ kind, during: 'iam:CreateAccessKey' });
        expect(await callsOf(emulator(), 'iam:CreateAccessKey')).to.have.length(1);
        expect(await keys()).to.have.length(when === 'after' ? 2 : 1);
      });
    }
  }

  it('deactivates a key, and again without harm', async () => {
    await writer.deactivate('ann', KEY);
    await writer.deactivate('ann', KEY);
    expect((await keys()).map(({ status }) => status)).to.deep.equal(['Inactive']);
  });

  it('activates a key, and again without harm', async () => {
    await writer.deactivate('ann', KEY);
    await writer.activate('ann', KEY);
    await writer.activate('ann', KEY);
    expect((await keys()).map(({ status }) => status)).to.deep.equal(['Active']);
  });

  it('activates a key although the answer is lost', async () => {
    await writer.deactivate('ann', KEY);
    await emulator().inject({ action: 'iam:UpdateAccessKey', kind: 'reset', when: 'after', times: 1 });
    await writer.activate('ann', KEY);
    expect((await keys()).map(({ status }) => status)).to.deep.equal(['Active']);
  });

  it('deletes a key', async () => {
    await writer.delete('ann', KEY);
    expect(await keys()).to.deep.equal([]);
  });

  for (const [title, user] of [
    ['a key that is gone already', 'ann'],
    ['a key of a user who is gone', 'nobody'],
  ] as const) {
    it(`counts ${title} as deleted`, async () => {
      await writer.delete(user, 'AKIAEXAMPLE000000009');
    });
  }

  it('counts a key as deleted whose deletion was answered with a lost answer', async () => {
    await emulator().inject({ action: 'iam:DeleteAccessKey', kind: 'reset', when: 'after', times: 1 });
    await writer.delete('ann', KEY);
    expect(await callsOf(emulator(), 'iam:DeleteAccessKey')).to.have.length(2);
    expect(await keys()).to.deep.equal([]);
  });

  for (const [change, action] of [
    ['delete', 'iam:DeleteAccessKey'],
    ['deactivate', 'iam:UpdateAccessKey'],
    ['activate', 'iam:UpdateAccessKey'],
  ] as const) {
    it(`is refused what AWS denies: to ${change} a key`, async () => {
      const [before] = await keys();
      await emulator().inject({ action, kind: 'error', code: 'AccessDenied' });
      expect(await failureOf(writer[change]('ann', KEY))).to.include({ kind: 'denied', during: action });
      expect(await keys()).to.deep.equal([before]);
    });
  }

  for (const change of ['deactivate', 'activate'] as const) {
    it(`says that a key to ${change} is gone`, async () => {
      expect(await failureOf(writer[change]('ann', 'AKIAEXAMPLE000000009'))).to.include({
        kind: 'not-found',
      });
    });
  }

  it('says why its session could not be prolonged: no key was asked for', async () => {
    const why = { kind: 'denied', during: 'sts:AssumeRole', message: 'no longer', nextStep: 'Ask.' } as const;
    const settings = settingsFor(emulator(), { accessKeyId: KEY, secretAccessKey: '' });
    const credentials = () => Promise.reject(new OperationError(why));
    const iam = new IAMClient({ ...settings, credentials, maxAttempts: 1 });
    expect(await failureOf(iamKeyWriter(iam, iam).create('ann'))).to.deep.equal(why);
  });
});

describe('an answer to CreateAccessKey', () => {
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const key = { AccessKeyId: KEY, SecretAccessKey: SECRET, CreateDate: new Date(START), Status: 'Active' };
  const createWith = (answer: () => unknown) => {
    const iam = clientThat(answer);
    return iamKeyWriter(iam, iam).create('ann');
  };

  for (const [title, answer] of [
    ['no key', {}],
    ['no id', { AccessKey: { ...key, AccessKeyId: undefined } }],
    ['no secret', { AccessKey: { ...key, SecretAccessKey: undefined } }],
    ['no date', { AccessKey: { ...key, CreateDate: undefined } }],
    ['a date that is none', { AccessKey: { ...key, CreateDate: new Date(NaN) } }],
  ] as const) {
    it(`that holds ${title} is refused without repeating it`, async () => {
      const failure = await failureOf(createWith(() => answer));
      expect(failure).to.include({ kind: 'unknown', during: 'iam:CreateAccessKey' });
      expect(JSON.stringify(failure)).not.to.contain(SECRET);
    });
  }

  it("that can't be read is refused without repeating it", async () => {
    const failure = await failureOf(
      createWith(() => {
        throw new SyntaxError(`Unexpected token in <SecretAccessKey>${SECRET}</Secr`);
      }),
    );
    expect(failure.kind).to.equal('unknown');
    expect(JSON.stringify(failure)).not.to.match(/wJal|Unexpected|SecretAccessKey/);
  });

  it('is asked of the client that sends once, everything else of the other', async () => {
    const [repeating, once] = [sinon.fake.returns({}), sinon.fake.returns({ AccessKey: key })];
    const writer = iamKeyWriter(clientThat(repeating), clientThat(once));
    await writer.create('ann');
    await writer.deactivate('ann', KEY);
    await writer.activate('ann', KEY);
    await writer.delete('ann', KEY);
    expect(once.args.map(([name]) => name as unknown)).to.deep.equal(['CreateAccessKeyCommand']);
    expect(repeating.args).to.deep.equal([
      ['UpdateAccessKeyCommand', { UserName: 'ann', AccessKeyId: KEY, Status: 'Inactive' }],
      ['UpdateAccessKeyCommand', { UserName: 'ann', AccessKeyId: KEY, Status: 'Active' }],
      ['DeleteAccessKeyCommand', { UserName: 'ann', AccessKeyId: KEY }],
    ]);
  });
});
