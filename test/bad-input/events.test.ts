import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { InputError } from '../../src/domain/errors.ts';
import { rotateOrganization } from '../../src/handler.ts';
import { setAwsEnvironment } from '../aws/support.ts';

/*
 * Events that can't be meant as they are. Each is given to the function itself, and refused before
 * anything else: no setting is read, AWS isn't called.
 */

const ID = '111122223333';
const MANY = 20_000;

const SCHEDULE = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: ID,
  time: '2026-01-05T06:00:00Z',
  region: 'eu-central-1',
  resources: [],
  detail: '{}',
};
/** What EventBridge made, and what somebody added to narrow it. */
const also = (more: object) => ({ ...SCHEDULE, ...more });
const EVERYTHING =
  /an event with detail-type and source asks for everything; to narrow a run, give .+ mode, accountIds, userNames and only$/;
const unknown = (name: string) =>
  new RegExp(`^${name}: no such field; there are mode, accountIds, userNames and only$`, 'm');
const MODES = 'must be one of audit, replace-only, no-delete, enforce, not ';
const mode = (value: unknown) => new RegExp(`^mode: ${MODES}${escaped(JSON.stringify(value))}$`);
const account = (value: unknown) =>
  new RegExp(
    `^accountIds\\.0: must be an account id of twelve digits, not ${escaped(JSON.stringify(value))}$`,
  );
const user = (value: unknown) =>
  new RegExp(
    `^userNames\\.0: must be the name of an IAM user, without its path, or ACCOUNT/NAME for one account, not ${escaped(JSON.stringify(value))}$`,
  );
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const BAD: readonly (readonly [title: string, event: unknown, says: RegExp])[] = [
  ['a text', 'audit', /^the event must be an object, not "audit"$/],
  ['an empty text', '', /^the event must be an object, not ""$/],
  ['JSON as a text', '{"mode":"audit"}', /^the event must be an object, not "\{/],
  ['a number', 7, /^the event must be an object, not 7$/],
  ['nothing like a number', NaN, /^the event must be an object, not NaN$/],
  ['true', true, /^the event must be an object, not true$/],
  ['false', false, /^the event must be an object, not false$/],
  ['a list', [], /^the event must be an object, not \[\]$/],
  ['a list of an event', [{ mode: 'audit' }], /^the event must be an object, not \[\{/],
  ['a long text', 'x'.repeat(MANY), /^the event must be an object, not "x{200,}\.\.\.$/],
  ['a long list', Array(MANY).fill(ID), /^the event must be an object, not \["1111.+\.\.\.$/],
  // The mode.
  ...['Enforce', 'enforced', '', ' enforce', 'all', 'dry-run', null, 3, true, {}, ['audit']].map(
    (value) => [`mode ${JSON.stringify(value)}`, { mode: value }, mode(value)] as const,
  ),
  // Accounts.
  ...[
    '',
    '123',
    '1111222233334',
    '11112222333a',
    ' 111122223333',
    '１１１１２２２２３３３３',
    '*',
    'app',
    `arn:aws:iam::${ID}:root`,
  ].map((value) => [`account ${JSON.stringify(value)}`, { accountIds: [value] }, account(value)] as const),
  ['an account id as a number', { accountIds: [111122223333] }, account(111122223333)],
  ['an account that is null', { accountIds: [null] }, account(null)],
  ['a list in the list of accounts', { accountIds: [[ID]] }, account([ID])],
  ['accounts as a text', { accountIds: ID }, /^accountIds: must be a list of account ids, not "1111/],
  ['accounts as a text with commas', { accountIds: `${ID},${ID}` }, /^accountIds: must be a list/],
  ['accounts as a map', { accountIds: { 0: ID } }, /^accountIds: must be a list of account ids, not \{/],
  ['no accounts', { accountIds: [] }, /^accountIds: must name an account, or be left out for all, not \[\]$/],
  ['accounts that are null', { accountIds: null }, /^accountIds: must be a list of account ids, not null$/],
  // Users.
  ...[
    '',
    'team/ann',
    '/team/ann',
    'ann smith',
    'ann*',
    'x'.repeat(65),
    'änn',
    'ann\n',
    `${ID}/`,
    '/ann',
    `${ID}/team/ann`,
    `${ID}/*`,
    `*/ann`,
    '11112222333/ann',
    `${ID} /ann`,
    `${ID}\\ann`,
    `${ID}/ann\n`,
    `arn:aws:iam::${ID}:user/ann`,
  ].map(
    (value) => [`user ${JSON.stringify(value).slice(0, 40)}`, { userNames: [value] }, user(value)] as const,
  ),
  ['a user as a number', { userNames: [7] }, user(7)],
  ['users as a text', { userNames: 'ann' }, /^userNames: must be a list of user names, not "ann"$/],
  ['no users', { userNames: [] }, /^userNames: must name a user, or be left out for all, not \[\]$/],
  ['users that are null', { userNames: null }, /^userNames: must be a list of user names, not null$/],
  [
    'a thousand users and one',
    { userNames: Array(1_001).fill('ann') },
    /^userNames: must name at most 1000 users, not \["ann".+\.\.\.$/,
  ],
  // What alone is to be carried out.
  ...['Replace', 'restore', 'needs-person', 'failed', 'upcoming', 'keep', '', null, 3, ['delete']].map(
    (value) =>
      [
        `only ${JSON.stringify(value)}`,
        { only: [value] },
        new RegExp(
          `^only\\.0: must be one of replace, deactivate, delete, not ${escaped(JSON.stringify(value))}$`,
        ),
      ] as const,
  ),
  [
    'only as a text',
    { only: 'replace' },
    /^only: must be a list of replace, deactivate, delete, not "replace"$/,
  ],
  [
    'nothing at all as only',
    { only: [] },
    /^only: must name one of replace, .+ or be left out for all, not \[\]$/,
  ],
  ['only that is null', { only: null }, /^only: must be a list of replace, deactivate, delete, not null$/],
  // Fields that don't exist, most of which were meant to narrow the run.
  ...[
    ...['accounts', 'account', 'accountId', 'users', 'user', 'userName', 'AccountIds', 'Mode', 'dryRun'],
    ...['Records', 'excludeUsers', 'source', 'detail-type', 'detail', 'force', '', 'constructor', 'toString'],
  ].map((name) => [`the field ${JSON.stringify(name)}`, { [name]: [ID] }, unknown(name)] as const),
  ['a field that JavaScript hides', JSON.parse('{"__proto__": {"accountIds": []}}'), unknown('__proto__')],
  // Events of EventBridge that were meant to ask for less.
  ...(
    [
      { mode: 'audit' },
      { accountIds: [ID] },
      { userNames: ['ann'] },
      { only: ['replace'] },
      { accounts: [ID] },
      { users: ['ann'] },
      { account_ids: [ID] },
      { input: { mode: 'audit' } },
      { detail: { mode: 'audit' } },
      { detail: { accountIds: [ID] } },
      { detail: '{"mode":"audit"}' },
      { detail: [ID] },
      { detail: 7 },
    ] as const
  ).map((more) => [`an event of EventBridge with ${JSON.stringify(more)}`, also(more), EVERYTHING] as const),
  ['a bare one with accounts', { 'detail-type': 'x', source: 'y', accountIds: [ID] }, EVERYTHING],
  // Everything at once, and far too much of it.
  [
    'every field wrong',
    { mode: 'x', accountIds: ['1'], userNames: ['a b'], colour: 'red' },
    /^mode: [^]+^accountIds\.0: [^]+^userNames\.0: [^]+^colour: /m,
  ],
  ['wrong accounts without end', { accountIds: Array(MANY).fill('1') }, /^and 19950 more problems$/m],
  [
    'unknown fields without end',
    Object.fromEntries(Array.from({ length: MANY }, (_, index) => [`field${index}`, 1])),
    /^and 19950 more problems$/m,
  ],
  ['an unknown field with a name without end', { ['x'.repeat(MANY)]: 1 }, /^x+\.\.\.$/],
  ['a mode without end', { mode: 'x'.repeat(MANY) }, /^mode: .+, not "x+\.\.\.$/],
];

describe('bad input: an event is refused', () => {
  const noTime = { getRemainingTimeInMillis: () => 900_000 } as Context;
  let restore = () => {};
  beforeEach(() => {
    // Lets Powertools print through the console.
    restore = setAwsEnvironment({ POWERTOOLS_DEV: 'true' });
    for (const method of ['log', 'info', 'warn', 'error'] as const) sinon.stub(console, method);
  });
  afterEach(() => {
    sinon.restore();
    restore();
  });

  for (const [title, event, says] of BAD) {
    it(`that is or has ${title}`, async () => {
      const error: unknown = await rotateOrganization(event, noTime).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(InputError);
      const { message } = error as InputError;
      expect(message).to.match(says);
      expect(message.length).to.be.below(25_000);
    });
  }
});
