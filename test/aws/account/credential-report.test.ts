import { CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { readCredentialReport } from '../../../src/aws/account/credential-report.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import { SECOND } from '../../../src/domain/time.ts';
import type { Clock } from '../../../src/run/ports/clock.ts';
import { emulatorForThisFile } from '../../support/emulator-hooks.ts';
import { adminOf, clientThat, once } from '../support.ts';

const HEAD =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const row = (user: string, arn: string, one = NO_KEY, two = NO_KEY) =>
  `${user},${arn},2020-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,${one},${two},false,N/A,false,N/A`;
const root = (one = NO_KEY) => row('<root_account>', 'arn:aws:iam::111122223333:root', one);
const ann = (one = NO_KEY, two = NO_KEY) =>
  row('ann', 'arn:aws:iam::111122223333:user/teams/a/ann', one, two);
const report = (...rows: readonly string[]) => [HEAD, ...rows].join('\n');

/** What IAM answers, one after the other; times pass in sleeps only. */
function asking(state: string, ...answers: readonly (string | Error)[]) {
  const waits: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (duration) => {
      waits.push(duration);
      now += duration;
    },
  };
  const left = [...answers];
  const iam = clientThat((command) => {
    if (command === 'GenerateCredentialReportCommand') return { State: state };
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Error) throw answer;
    return { Content: new TextEncoder().encode(answer), ReportFormat: 'text/csv' };
  });
  return { waits, read: (until = 3_600 * SECOND) => readCredentialReport(iam, clock, until) };
}

const named = (name: string): Error => Object.assign(new Error(name), { name });

describe('the credential report', () => {
  const emulator = emulatorForThisFile();

  it('tells of users by name and path, and of their keys by date and use', async () => {
    const { read } = asking(
      'COMPLETE',
      report(
        root(),
        ann(
          'true,2026-01-02T03:04:05+00:00,2026-02-01T00:00:00+00:00,eu-central-1,s3',
          'false,2025-01-01T00:00:00+00:00,N/A,N/A,N/A',
        ),
      ),
    );
    expect(await read()).to.deep.equal({
      rootHasKeys: false,
      users: [
        {
          userName: 'ann',
          path: '/teams/a/',
          keys: [
            {
              kind: 'active',
              changedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
              lastUse: { at: Date.UTC(2026, 1, 1), service: 's3', region: 'eu-central-1' },
            },
            { kind: 'inactive', changedAt: Date.UTC(2025, 0, 1) },
          ],
        },
      ],
    });
  });

  const active = 'true,2026-01-02T03:04:05+00:00,N/A,N/A,N/A';
  for (const [title, cells, kind] of [
    ['an active key that was never used', active, 'active'],
    ['an active key, as the console writes it', active.replace('true', 'TRUE'), 'active'],
    ['no key', NO_KEY, 'none'],
    ['an inactive key that was used', 'false,N/A,2026-01-02T03:04:05+00:00,N/A,N/A', 'inactive'],
    ['a key that is neither active nor not', active.replace('true', 'expired'), 'unclear'],
    ['an active key without a date', 'true,N/A,N/A,N/A,N/A', 'unclear'],
    ['a key with a date of another form', 'true,02.01.2026,N/A,N/A,N/A', 'unclear'],
    ['a key with a date that is none', 'true,2026-13-02T03:04:05+00:00,N/A,N/A,N/A', 'unclear'],
    ['a key with a use of another form', 'true,2026-01-02T03:04:05+00:00,yesterday,N/A,N/A', 'unclear'],
  ] as const) {
    it(`has ${title}`, async () => {
      const read = await asking('COMPLETE', report(root(), ann(cells))).read();
      expect(read?.users[0]?.keys[0]?.kind).to.equal(kind);
    });
  }

  for (const [cells, has] of [
    [active, true],
    [NO_KEY, false],
    ['perhaps,N/A,N/A,N/A,N/A', true],
  ] as const) {
    it(`says that root has ${has ? 'keys' : 'none'} by ${cells}`, async () =>
      expect((await asking('COMPLETE', report(root(cells))).read())?.rootHasKeys).to.equal(has));
  }

  it('takes names with commas, as they are quoted', async () => {
    const name = 'a,b=c+d@e.f-g_h';
    const read = await asking(
      'COMPLETE',
      report(root(), row(`"${name}"`, `"arn:aws:iam::1:user/${name}"`)),
    ).read();
    expect(read?.users[0]?.userName).to.equal(name);
  });

  it('takes columns in another order, and more of them', async () => {
    const cells = (line: string) => ['new', ...line.split(',').toReversed()].join(',');
    const read = await asking(
      'COMPLETE',
      report(root(), ann(active)).split('\n').map(cells).join('\n'),
    ).read();
    expect(read?.users.map(({ userName }) => userName)).to.deep.equal(['ann']);
  });

  for (const [title, content] of [
    ['nothing', ''],
    ['the page of a proxy', '<html><body>Sign in</body></html>'],
    ['other columns', 'user,arn\nann,arn:aws:iam::1:user/ann'],
    ['no row of root: it may be cut off', report(ann())],
    ['rows of different lengths', `${report(root())}\nann,arn`],
    ['the ARN of something else', report(root(), row('ann', 'arn:aws:iam::1:role/ann'))],
    ['the ARN of another user', report(root(), row('ann', 'arn:aws:iam::1:user/bob'))],
  ] as const) {
    it(`is none with ${title}`, async () => {
      const failure = await asking('COMPLETE', content)
        .read()
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(OperationError);
      expect((failure as OperationError).failure.during).to.equal('iam:GetCredentialReport');
    });
  }

  it('is asked for again, less and less often, while it is being made', async () => {
    const notReady = named('CredentialReportNotReadyException');
    const { read, waits } = asking('STARTED', notReady, notReady, notReady, report(root()));
    expect(await read()).to.deep.equal({ rootHasKeys: false, users: [] });
    expect(waits).to.deep.equal([1, 2, 4, 8].map((seconds) => seconds * SECOND));
  });

  it('is not waited for longer than there is time', async () => {
    const { read, waits } = asking('STARTED', named('CredentialReportNotReadyException'));
    expect(await read(10 * SECOND)).to.equal(undefined);
    expect(waits).to.deep.equal([1, 2, 4].map((seconds) => seconds * SECOND));
  });

  it('is no reason to wait where it is there', async () => {
    const { read, waits } = asking('COMPLETE', report(root()));
    await read();
    expect(waits).to.deep.equal([]);
  });

  for (const name of ['AccessDeniedException', 'ServiceFailureException']) {
    it(`fails with ${name}, naming the call`, async () => {
      const failure = await asking('COMPLETE', named(name))
        .read()
        .catch((error: unknown) => error);
      expect((failure as OperationError).failure.during).to.equal('iam:GetCredentialReport');
    });
  }

  it('is made by IAM when it is asked for', async () => {
    await emulator().seed({ accounts: [{ name: 'app', users: [{ userName: 'ann', keys: [] }] }] });
    const iam = new IAMClient(once(await adminOf(emulator())));
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    const clock: Clock = {
      now: () => Date.now(),
      sleep: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
    };
    const read = await readCredentialReport(iam, clock, Date.now() + 20 * SECOND);
    expect(
      read?.users.map(({ userName, keys }) => [userName, ...keys.map(({ kind }) => kind)]),
    ).to.deep.equal([['ann', 'active', 'none']]);
  });
});
