import { expect } from 'chai';
import { HOUR } from '../src/domain/time.ts';
import { CREATED, daysOf, made, on, type Life } from './support/daily-runs.ts';

const isChange = (line: string): boolean => / (replace|deactivate|delete): /.test(line);

describe('The examples of docs/policy.md', () => {
  const LIVES: readonly (readonly [string, Life, readonly string[]])[] = [
    [
      'A3: its owner moves on 7 March',
      {
        daily: [
          { key: 'K', from: CREATED, to: on('6 March') },
          { key: 'B', from: on('7 March'), to: on('30 April') },
        ],
        until: on('2 April'),
      },
      ['03-02 K replace: due', '03-22 K deactivate: moved', '04-01 K delete: recovery-grace-over'],
    ],
    [
      'A3: it is used every day, and nobody moves',
      { daily: [{ key: 'K', from: CREATED, to: on('31 March') }], until: on('12 April') },
      [
        '03-02 K replace: due',
        '03-22 K wait: deadline-notice',
        '04-01 K deactivate: deadline',
        '04-11 K delete: recovery-grace-over',
      ],
    ],
    [
      'A3: a job last ran on 25 February, and runs with the new key on 25 March',
      {
        uses: [
          { key: 'K', at: on('25 February') },
          { key: 'B', at: on('25 March') + HOUR },
        ],
        until: on('26 March'),
      },
      ['03-02 K replace: due', '03-03 K wait: not-adopted', '03-26 K deactivate: moved'],
    ],
    [
      'A1: nobody ever used it',
      { until: on('22 April') },
      ['04-01 K wait: unused-notice', '04-11 K deactivate: unused', '04-21 K delete: recovery-grace-over'],
    ],
    [
      'A1: it is used on 5 April, after the notice',
      { uses: [{ key: 'K', at: on('5 April') + HOUR }], until: on('6 April') },
      ['04-01 K wait: unused-notice', '04-06 K replace: due'],
    ],
    [
      'I2: it is used on 10 April, which IAM tells after it was switched off',
      {
        uses: [{ key: 'K', at: on('10 April') + 20 * HOUR, toldAt: on('11 April') + HOUR }],
        until: on('30 April'),
      },
      ['04-01 K wait: unused-notice', '04-11 K deactivate: unused', '04-12 K blocked: used-after-notice'],
    ],
    [
      'A6: two keys that nobody of us has made',
      {
        other: made('K2', on('20 February')),
        daily: [
          { key: 'K', from: CREATED, to: on('30 April') },
          { key: 'K2', from: on('20 February'), to: on('30 April') },
        ],
        until: on('30 March'),
      },
      ['03-02 K wait: two-keys-in-use', '03-22 K blocked: two-keys-in-use'],
    ],
    [
      'A5: a key that was switched off on 25 February takes the place',
      {
        other: {
          ...made('K2', CREATED),
          status: 'inactive',
          memory: {
            inactiveSince: on('25 February'),
            notices: [
              {
                about: 'delete',
                firstAt: on('25 February'),
                lastAt: on('25 February'),
                date: on('7 March'),
              },
            ],
          },
        },
        daily: [{ key: 'K', from: CREATED, to: on('30 April') }],
        until: on('7 March'),
      },
      ['03-02 K wait: slot-in-recovery', '03-07 K2 delete: recovery-grace-over', '03-07 K replace: due'],
    ],
    [
      'A0: off at its deadline, and switched on by hand on 3 April',
      {
        daily: [{ key: 'K', from: CREATED, to: on('30 April') }],
        by: (key, now) => (key.id === 'K' && now === on('3 April') ? { ...key, status: 'active' } : key),
        until: on('14 April'),
      },
      [
        '03-02 K replace: due',
        '04-01 K deactivate: deadline',
        '04-03 K wait: still-needed',
        '04-04 K wait: deadline-notice',
        '04-14 K deactivate: deadline',
      ],
    ],
    [
      'A3: the secret is deleted on 5 March',
      {
        daily: [{ key: 'K', from: CREATED, to: on('30 April') }],
        by: (key, now) => (key.id === 'B' && now >= on('5 March') ? { ...key, delivery: 'deleting' } : key),
        until: on('30 April'),
      },
      ['03-02 K replace: due', '03-05 K blocked: delivery-void'],
    ],
    [
      'I1: a person has switched it off on 8 June',
      {
        daily: [{ key: 'K', from: CREATED, to: on('7 June') }],
        by: (key, now) => (now === on('9 June') ? { ...key, status: 'inactive' } : key),
        policy: { rotateAfter: 1000, deactivateAfter: 1001, deleteAfter: 1002 },
        until: on('20 June'),
      },
      ['06-09 K wait: newly-inactive', '06-19 K wait: not-old-enough-to-delete'],
    ],
  ];
  for (const [title, life, expected] of LIVES) {
    it(title, () => {
      const said = daysOf(life);
      expect(said).to.include.members([...expected]);
      // And nothing else is changed.
      expect(said.filter(isChange)).to.deep.equal(expected.filter(isChange));
    });
  }
});
