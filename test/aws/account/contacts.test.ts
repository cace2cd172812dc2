import { expect } from 'chai';
import { accountContacts } from '../../../src/aws/account/contacts.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { callsOf, failureOf, FIRST_MEMBER, MANAGEMENT } from '../support.ts';

const SECOND_MEMBER = '111111111102';

describe('the contacts of accounts', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const contacts = async (seed: Partial<OrganizationSeed> = {}) => {
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', users: [], securityContact: 'security@example.com' },
        { name: 'data', users: [] },
      ],
      management: { securityContact: 'soc@example.com' },
      ...seed,
    });
    return accountContacts(world.aws);
  };

  it('are the e-mail addresses of the alternate contacts for security', async () => {
    expect(await (await contacts()).security(FIRST_MEMBER)).to.equal('security@example.com');
    const [call] = await callsOf(emulator(), 'account:GetAlternateContact');
    expect(call?.params).to.include({ AccountId: FIRST_MEMBER, AlternateContactType: 'SECURITY' });
  });

  it('are missing where there is none', async () => {
    expect(await (await contacts()).security(SECOND_MEMBER)).to.equal(undefined);
  });

  it("are the caller's own without its account id, which it may not say", async () => {
    const found = await contacts();
    expect(await found.security()).to.equal('soc@example.com');
    const failure = await failureOf(found.security(MANAGEMENT));
    expect(failure).to.include({ kind: 'denied', during: 'account:GetAlternateContact' });
  });

  it('are for the management account and delegated administrators only, and that is said', async () => {
    const found = await contacts({ service: { account: 'app', delegatedAdministrator: false } });
    const failure = await failureOf(found.security(SECOND_MEMBER));
    expect(failure).to.include({ kind: 'denied', during: 'account:GetAlternateContact' });
    expect(failure.nextStep).to.contain(
      'aws organizations enable-aws-service-access --service-principal account.amazonaws.com',
    );
  });
});
