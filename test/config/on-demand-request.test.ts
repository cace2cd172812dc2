import { expect } from 'chai';
import { eventOf, isOnDemand, readOnDemandRequest, runOf } from '../../src/config/on-demand-request.ts';
import { InputError } from '../../src/domain/errors.ts';
import type { OnDemandRequest } from '../../src/domain/rotation/on-demand-request.ts';

const ANN = 'arn:aws:sts::111122223333:assumed-role/operators/ann@example.com';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const ONE = { accountId: '444455556666', reason: 'found in a public repository', requestedBy: ANN };
const SHOWN = [
  { action: 'replace', accessKeyId: KEY },
  { action: 'deactivate', accessKeyId: KEY },
] as const;
const REQUESTS = {
  replace: { command: 'replace', ...ONE, userName: 'svc', leaveActive: false, shown: SHOWN },
  'replace with a key': {
    command: 'replace',
    ...ONE,
    userName: 'svc',
    accessKeyId: KEY,
    leaveActive: true,
    shown: SHOWN,
  },
  restore: {
    command: 'restore',
    ...ONE,
    userName: 'svc',
    accessKeyId: KEY,
    shown: [{ action: 'restore', accessKeyId: KEY }],
  },
  accept: { command: 'accept', ...ONE, limit: 'deactivations', shown: [KEY] },
  apply: { command: 'apply', accountIds: [], userNames: [], requestedBy: ANN },
  'apply, narrowed': {
    command: 'apply',
    mode: 'replace-only',
    accountIds: ['444455556666'],
    userNames: ['svc', '444455556666/ann'],
    only: ['replace'],
    requestedBy: ANN,
  },
} as const satisfies Readonly<Record<string, OnDemandRequest>>;

const problemsOf = (event: object): readonly string[] => {
  try {
    readOnDemandRequest(event as { readonly command: unknown });
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
};

describe('what a person asks the function for', () => {
  for (const [title, request] of Object.entries(REQUESTS)) {
    it(`arrives as it was sent: ${title}`, () => {
      const event = JSON.parse(JSON.stringify(eventOf(request))) as { readonly command: unknown };
      expect(isOnDemand(event)).to.equal(true);
      expect(readOnDemandRequest(event)).to.deep.equal(request);
    });
  }

  for (const [title, event] of [
    ['nothing', undefined],
    ['the event of a run', { accountIds: ['444455556666'] }],
    ['a list', ['command']],
    ['a text', 'command'],
  ] as const) {
    it(`is not ${title}`, () => expect(isOnDemand(event)).to.equal(false));
  }

  for (const [title, event, ...expected] of [
    [
      'no command there is',
      { command: 'rotate' },
      /^command: must be one of replace, restore, accept, apply/,
    ],
    ['a command that every object has', { command: 'toString' }, /^command: must be one of/],
    [
      'nothing but a command',
      { command: 'restore' },
      /^accountId/,
      /^userName/,
      /^accessKeyId/,
      /^reason/,
      /^shown/,
      /^requestedBy/,
    ],
    [
      'a field that nobody reads',
      { ...eventOf(REQUESTS.apply), enforce: true },
      /^enforce: no such field; of apply there are/,
    ],
    [
      'a hidden field',
      JSON.parse(`{"__proto__": {}, "command": "apply", "requestedBy": "${ANN}"}`) as object,
      /^__proto__/,
    ],
    ['a mode that there is not', { ...eventOf(REQUESTS.apply), mode: 'all' }, /^mode: must be one of/],
    [
      'an empty list, which would not narrow',
      { ...REQUESTS.apply, userNames: [] },
      /^accountIds/,
      /^userNames/,
    ],
    [
      'a kind of change that there is not',
      { ...eventOf(REQUESTS.apply), only: ['all'] },
      /^only\.0: must be one/,
    ],
    ['no kind of change', { ...eventOf(REQUESTS.apply), only: [] }, /^only: must name one of/],
    [
      'the name of one user with an account',
      { ...REQUESTS.replace, userName: '444455556666/svc' },
      /^userName: must be/,
    ],
    ['an account id that is none', { ...REQUESTS.accept, accountId: '12' }, /^accountId: must be/],
    ['a user name that is none', { ...REQUESTS.replace, userName: '../ann' }, /^userName: must be/],
    ['a reason of two lines', { ...REQUESTS.replace, reason: 'one\ntwo' }, /^reason: must be/],
    ['a limit that there is not', { ...REQUESTS.accept, limit: 'replacements' }, /^limit: must be one of/],
    ['nothing that was shown', { ...REQUESTS.replace, shown: [] }, /^shown: must name a step/],
    [
      'a step that is none',
      { ...REQUESTS.replace, shown: [{ action: 'keep', accessKeyId: KEY }] },
      /^shown\.0\.action/,
    ],
    [
      'more in a step',
      { ...REQUESTS.replace, shown: [{ ...SHOWN[0], by: ANN }] },
      /^shown\.0\.by: no such field/,
    ],
    ['a key that is none', { ...REQUESTS.accept, shown: ['AKIA1 AKIA2'] }, /^shown\.0: must be the id/],
    ['a word for a truth', { ...REQUESTS.replace, leaveActive: 'no' }, /^leaveActive: must be true or false/],
    ...[
      'ann',
      'arn:aws:iam::12:user/ann',
      'arn:aws:sts::111122223333:assumed-role/',
      `${ANN}\n`,
      `${ANN} and all`,
      'arn:aws:iam::111122223333:role/operators',
    ].map(
      (requestedBy) =>
        ['nobody who could ask', { ...REQUESTS.accept, requestedBy }, /^requestedBy: must be/] as const,
    ),
  ] as const) {
    it(`is refused with ${title}`, () => {
      const problems = problemsOf(event);
      expect(problems, problems.join('\n')).to.have.length(expected.length);
      for (const pattern of expected)
        expect(
          problems.some((problem) => pattern.test(problem)),
          String(pattern),
        ).to.equal(true);
    });
  }

  for (const requestedBy of [
    ANN,
    'arn:aws-us-gov:iam::111122223333:user/people/ann',
    'arn:aws:iam::111122223333:root',
    'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Operators_0123456789abcdef/ann',
    'arn:aws:sts::111122223333:federated-user/ann',
  ]) {
    it(`may come from ${requestedBy}`, () =>
      expect(problemsOf({ ...REQUESTS.accept, requestedBy })).to.deep.equal([]));
  }

  for (const [request, accountIds, userNames] of [
    ['replace', ['444455556666'], ['svc']],
    ['restore', ['444455556666'], []],
    ['accept', ['444455556666'], []],
    ['apply', [], []],
  ] as const) {
    it(`is narrowed as the command is: ${request}`, () =>
      expect(runOf(REQUESTS[request])).to.deep.equal({ accountIds, userNames }));
  }

  it('is narrowed to the mode and the kinds of change that were asked for, too', () => {
    const { command: _, requestedBy: _who, ...narrowed } = REQUESTS['apply, narrowed'];
    expect(runOf(REQUESTS['apply, narrowed'])).to.deep.equal(narrowed);
  });
});
