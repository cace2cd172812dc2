import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import { once } from '../aws/support.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../support/world.ts';
import { run } from './terminal.ts';

const ACCOUNT = '111111111101';
const LEAKED = 'AKIALEAKED0000000001';
const OF_ACCOUNT = ['--account', ACCOUNT];
const WIDE = { columns: 4000 };

/** As an instruction, or as something that may happen; that somebody has done it already may be told. */
const SUGGESTIONS: readonly RegExp[] = [
  /--status Active/,
  /access-key-rotation restore/,
  /\bswitch(?: \S+){0,3}? on\b/i,
  /\b(?:can|may|be|is|unless)\b(?: \S+){0,4}? switched on\b(?! again and again)/i,
  /\bcan(?: still)? be restored/i,
];

const suggestionIn = (text: string): string | undefined => {
  const line = text.replaceAll(/\s+/g, ' ');
  const found = SUGGESTIONS.map((pattern) => pattern.exec(line)).find((match) => match !== null);
  return found && line.slice(Math.max(0, found.index - 150), found.index + 80);
};

describe('what is said of a user whose key was replaced in an emergency', () => {
  const emulator = emulatorForThisFile();
  let world: World;

  beforeEach(async () => {
    const users = [userWithKey('svc', { age: 70, usedAgo: 1, id: LEAKED })];
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
  });

  const keys = async () =>
    (await emulator().snapshot(ACCOUNT)).flatMap(({ users }) => users).flatMap((user) => user.keys);
  const states = async () => (await keys()).map(({ status }) => status);
  const cli = (args: readonly string[], mode: string) =>
    run(args, world, { ...WIDE, environment: { ROTATION_MODE: mode } });

  /** Everything that anybody is told: by command, digest, summary and event. */
  async function everyText(mode: string): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const command of [
      ['plan', ...OF_ACCOUNT],
      ['plan', ...OF_ACCOUNT, '--json'],
      ['status', ...OF_ACCOUNT],
      ['status', ...OF_ACCOUNT, '--json'],
      ['apply', '--yes'],
      ['apply', '--yes', '--json'],
      ['history', ...OF_ACCOUNT],
      ['history', ...OF_ACCOUNT, '--json'],
    ]) {
      const { stdout, stderr } = await cli(command, mode);
      texts.set(command.join(' '), stdout + stderr);
    }
    await addPublished(texts);
    return texts;
  }
  async function addPublished(texts: Map<string, string>): Promise<void> {
    const published = await emulator().notifications();
    texts.set(
      'digests and summaries',
      published
        .map((one) => JSON.stringify(one))
        .join('\n')
        .replaceAll('\\n', ' '),
    );
    texts.set('events', JSON.stringify(await emulator().events()));
    await emulator().forgetNotifications();
    await emulator().forgetEvents();
  }
  const suggestNothing = (texts: ReadonlyMap<string, string>, when: string) => {
    for (const [where, text] of texts) expect(suggestionIn(text), `${when}: ${where}`).to.equal(undefined);
  };

  const replace = async (...more: readonly string[]) => {
    const args = ['--user', 'svc', '--key', LEAKED, '--reason', 'leaked', '--yes', ...more];
    const { stdout, stderr } = await run(['replace', ...OF_ACCOUNT, ...args], world, WIDE);
    const texts = new Map([['replace', stdout + stderr]]);
    await addPublished(texts);
    suggestNothing(texts, 'just replaced');
    expect(texts.get('digests and summaries')).to.include(LEAKED);
  };
  /** A run every week, and before each of them what happens in that week. */
  async function live(weeks: number, mode = 'enforce', week: (n: number) => Promise<void> = async () => {}) {
    for (let n = 1; n <= weeks; n++) {
      await world.pass(7);
      await week(n);
      suggestNothing(await everyText(mode), `week ${n}, ${(await states()).join()}`);
    }
  }
  const useNew = async () => {
    const others = (await keys()).filter(({ id }) => id !== LEAKED);
    await emulator().markUsed(others.map(({ id }) => id));
  };

  it('is suggested where it was no emergency, so that this would be seen here', async () => {
    await replace('--leave-active');
    const suggesting: string[] = [];
    for (const days of [14, 3]) {
      await world.pass(days);
      await useNew();
      const texts = await everyText('enforce');
      suggesting.push(
        ...[...texts].filter(([, text]) => suggestionIn(text) !== undefined).map(([name]) => name),
      );
    }
    const names = ['digests and summaries', 'events', 'apply --yes --json'];
    const looks = ['plan', 'status'].map((name) => `${name} ${OF_ACCOUNT.join(' ')}`);
    expect(suggesting).to.include.members([...names, ...looks, ...looks.map((look) => `${look} --json`)]);
  });

  it('suggests switching it on again in no week until it is deleted', async () => {
    await replace();
    await live(4, 'enforce', useNew);
    expect(await states()).to.deep.equal(['Active']);
  });

  for (const mode of ['audit', 'no-delete']) {
    it(`nor where the mode keeps it for ever: ${mode}`, async () => {
      await replace();
      await live(10, mode, useNew);
      expect(await states()).to.deep.equal(['Inactive', 'Active']);
    });
  }

  it('nor where IAM tells late that whoever has it still used it when it was switched off', async () => {
    await replace();
    await live(5, 'enforce', async (n) => {
      if (n === 1) await emulator().markUsed([LEAKED], world.clock.now() - 7 * DAY + 60_000);
      await useNew();
    });
  });

  it('nor where its replacement is lost with the secret', async () => {
    await replace();
    const credentials = await emulator().credentialsFor(ACCOUNT, 'any');
    const client = new SecretsManagerClient(
      once({ ...world.aws, credentials: () => Promise.resolve(credentials) }),
    );
    await client.send(new DeleteSecretCommand({ SecretId: 'access-key-rotation/svc' }));
    await live(6);
  });

  it('nor where somebody switched it on, and off again', async () => {
    await replace();
    await live(5, 'enforce', async (n) => {
      if (n === 1) await emulator().setKey(LEAKED, { status: 'Active' });
      if (n === 2) await emulator().setKey(LEAKED, { status: 'Inactive' });
    });
  });

  it('nor where it was restored on purpose, and goes its ordinary way then', async () => {
    await replace();
    await run(['restore', ...OF_ACCOUNT, '--key', LEAKED, '--reason', 'needed', '--yes'], world);
    await emulator().forgetNotifications();
    await emulator().forgetEvents();
    await live(3, 'enforce', useNew);
    expect(await states(), 'off again, since its owner has moved').to.deep.equal(['Inactive', 'Active']);
  });

  it('nor where it could not be switched off at once, and goes its ordinary way then', async () => {
    await emulator().inject({ action: 'iam:UpdateAccessKey', kind: 'error', code: 'AccessDenied' });
    await replace();
    expect(await states()).to.deep.equal(['Active', 'Active']);
    await emulator().clearFaults();
    await live(5, 'enforce', useNew);
    expect(await states()).to.deep.equal(['Active']);
  });

  it('nor where the replacement leaks, too, while it holds the second place', async () => {
    await replace();
    await useNew();
    const { code, stderr } = await run(
      ['replace', ...OF_ACCOUNT, '--user', 'svc', '--reason', 'leaked again', '--yes'],
      world,
    );
    expect(code).to.equal(2);
    expect(stderr).to.include(`${LEAKED}, which is inactive and was replaced in an emergency`);
    expect(suggestionIn(stderr)).to.equal(undefined);
  });
});
