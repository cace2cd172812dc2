import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import sinon from 'sinon';
import type { Terminal } from '../../../src/cli/input/terminal.ts';
import { describePace, paceMeter, type Pace } from '../../../src/cli/output/pace.ts';
import { showProgress, showWaiting } from '../../../src/cli/output/progress.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { account, notEntered } from '../../support/builders.ts';

const pace = (overrides: Partial<Pace> = {}): Pace => ({
  accounts: 1_000,
  accountsDone: 100,
  users: 6_000,
  usersDone: 5_000,
  share: 0.1,
  elapsed: 5 * MINUTE,
  ...overrides,
});

describe('how far a run is', () => {
  const SAID: readonly (readonly [title: string, of: Partial<Pace>, says: string])[] = [
    ['counts the accounts before the first is done', { accountsDone: 0, usersDone: 0 }, '1,000 accounts'],
    [
      'tells no rate in the first seconds',
      { elapsed: 9 * SECOND },
      '100 of 1,000 accounts done, 5,000 of 6,000 users',
    ],
    [
      'has users, their rate, and the time left',
      {},
      '100 of 1,000 accounts done, 5,000 of 6,000 users, 17 users a second, about 45 minutes left',
    ],
    [
      'has accounts a minute where no user is counted',
      { users: 0, usersDone: 0 },
      '100 of 1,000 accounts done, 20 accounts a minute, about 45 minutes left',
    ],
    [
      'tells slow rates with a digit more, and long times in hours',
      { usersDone: 600, elapsed: HOUR, share: 0.1 },
      '100 of 1,000 accounts done, 600 of 6,000 users, 0.2 users a second, about 9 hours left',
    ],
    [
      'tells short times in tens of seconds',
      { share: 0.9, elapsed: 99 * SECOND },
      '100 of 1,000 accounts done, 5,000 of 6,000 users, 51 users a second, about 20 seconds left',
    ],
  ];
  for (const [title, of, says] of SAID) {
    it(title, () => {
      expect(describePace(pace(of))).to.equal(says);
    });
  }

  it('counts an account in part while its users are looked at', () => {
    let now = 0;
    const meter = paceMeter(() => now);
    meter.accountsFound(2);
    meter.usersFound('1', 4);
    meter.userDone('1');
    expect(meter.read().share).to.equal(1 / 8);
    now = MINUTE;
    meter.accountDone('1');
    expect(meter.read()).to.deep.equal({
      accounts: 2,
      accountsDone: 1,
      users: 4,
      usersDone: 1,
      share: 1 / 2,
      elapsed: MINUTE,
    });
  });
});

/** Nobody looks at it, but it is read afterwards. */
function pipe(): Terminal & { readonly stderrText: () => string } {
  const stderr = new PassThrough();
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { environment: {}, stdout: new PassThrough(), stderr, stderrText: () => text };
}

describe('a command without a terminal', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(() => {
    timers.restore();
  });
  const done = (id: string) => notEntered('skipped', account({ id, name: `team-${id}` }));
  const working = (terminal: Terminal) => {
    const progress = showProgress(terminal, 'Planning');
    progress.accountsFound(4);
    progress.usersFound?.('1', 600);
    for (let user = 0; user < 600; user++) progress.userDone?.('1');
    progress.accountDone(done('1'));
    return progress;
  };

  it('says nothing in the first half minute, and then every half minute how far it is', () => {
    const terminal = pipe();
    const progress = working(terminal);
    timers.tick(29 * SECOND);
    expect(terminal.stderrText()).to.equal('');
    timers.tick(SECOND);
    expect(terminal.stderrText()).to.equal(
      'Planning: 1 of 4 accounts done, 600 of 600 users, 20 users a second, about 2 minutes left (team-1)\n',
    );
    progress.accountDone(done('2'));
    timers.tick(30 * SECOND);
    expect(terminal.stderrText().split('\n')[1]).to.equal(
      'Planning: 2 of 4 accounts done, 600 of 600 users, 10 users a second, about 1 minute left (team-2)',
    );
    progress.end();
    timers.tick(HOUR);
    expect(terminal.stderrText().trimEnd().split('\n')).to.have.length(2);
  });

  it('says that it waits for somebody else', () => {
    const terminal = pipe();
    const end = showWaiting(terminal, 'The function works');
    timers.tick(60 * SECOND);
    end();
    expect(terminal.stderrText()).to.equal('The function works\nThe function works\n');
  });

  it('says nothing where that was asked for', () => {
    const terminal = { ...pipe(), isQuiet: true };
    working(terminal);
    timers.tick(HOUR);
    expect(terminal.stderrText()).to.equal('');
  });
});
