import { CreateAccessKeyCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, assume, clientsFor, FIRST_MEMBER, MANAGEMENT, MEMBER_ROLE, refusalOf } from './clients.ts';

describe('emulator: the record of calls', () => {
  const emulator = emulatorForThisFile();
  const seed = () =>
    emulator().seed({
      accounts: [
        { name: 'app', users: [{ userName: 'ann', keys: [] }], memberRole: { externalId: 'our-word' } },
      ],
    });

  it('tells in order who called what, where, with which parameters and to what end', async () => {
    const { credentials } = await seed();
    const service = clientsFor(emulator(), credentials);
    await service.organizations.send(new ListAccountsCommand({ MaxResults: 7 }));
    await refusalOf(assume(emulator(), service, MEMBER_ROLE));
    const { iam } = await assume(emulator(), service, MEMBER_ROLE, { ExternalId: 'our-word' });
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    const calls = await emulator().calls();
    expect(calls.map(({ seq, action, accountId, status }) => [seq, action, accountId, status])).to.deep.equal(
      [
        [1, 'organizations:ListAccounts', MANAGEMENT, 200],
        [2, 'sts:AssumeRole', MANAGEMENT, 403],
        [3, 'sts:AssumeRole', MANAGEMENT, 200],
        [4, 'iam:CreateAccessKey', FIRST_MEMBER, 200],
      ],
    );
    expect(calls[0]?.params).to.deep.equal({ MaxResults: '7' });
    expect(calls[0]?.accessKeyId).to.equal(credentials.accessKeyId);
    expect(calls[2]?.params).to.include({ RoleArn: MEMBER_ROLE, ExternalId: 'our-word' });
    expect(calls[3]?.params).to.deep.equal({ UserName: 'ann' });
  });

  it('tells of callers nobody knows', async () => {
    await seed();
    const { sts } = clientsFor(emulator(), { accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' });
    await refusalOf(sts.send(new GetCallerIdentityCommand({})));
    const [call] = await emulator().calls();
    expect([call?.accountId, call?.status]).to.deep.equal([null, 403]);
  });

  it('never holds a secret', async () => {
    await seed();
    const { secrets } = await adminOf(emulator(), FIRST_MEMBER);
    await secrets.send(new CreateSecretCommand({ Name: 'ann', SecretString: 'hush' }));
    await secrets.send(new PutSecretValueCommand({ SecretId: 'ann', SecretString: 'hush again' }));
    const SecretBinary = new TextEncoder().encode('hush');
    await secrets.send(new PutSecretValueCommand({ SecretId: 'ann', SecretBinary }));
    const calls = await emulator().calls();
    expect(calls).to.have.length(3);
    expect(JSON.stringify(calls)).not.to.match(/hush|aHVzaA/);
  });

  it('begins anew when it is forgotten, and leaves out what tests ask of the emulator', async () => {
    await seed();
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    await iam.send(new ListUsersCommand({}));
    await emulator().forgetCalls();
    await emulator().snapshot();
    await iam.send(new ListUsersCommand({}));
    const calls = await emulator().calls();
    expect(calls.map(({ seq, action }) => [seq, action])).to.deep.equal([[1, 'iam:ListUsers']]);
  });
});
