import { expect } from 'chai';
import type { FailureKind } from '../../../src/domain/errors.ts';
import {
  externalIdCheck,
  permissionChecks,
  type Action,
  type Permission,
} from '../../../src/domain/health/account-checks.ts';
import type { RoleConfig } from '../../../src/domain/health/member-role.ts';
import {
  isHealthy,
  notChecked,
  ok,
  quoted,
  unanswered,
  wrong,
  type Check,
} from '../../../src/domain/health/check.ts';
import { failure } from '../../support/builders.ts';

const REGION = 'eu-central-1';

const entrance = (facts: Partial<RoleConfig> = {}): RoleConfig => ({
  region: REGION,
  partition: 'aws',
  serviceAccountId: '111122223333',
  roleName: 'access-key-rotation',
  rolePath: '/',
  hasExternalId: false,
  ...facts,
});
/** `name: status` of each. */
const said = (checks: readonly Check[]) => checks.map(({ name, status }) => `${name}: ${status}`);

describe('an account', () => {
  const denied = failure({ during: 'sts:AssumeRole', message: 'AccessDenied: no' });
  for (const [title, hasExternalId, without, status] of [
    ['no external id is used', false, undefined, 'ok'],
    ['the role asks for it', true, denied, 'ok'],
    ['the role does not ask for it', true, undefined, 'wrong'],
    ['AWS did not answer', true, failure({ kind: 'transient' }), 'not-checked'],
  ] as const) {
    it(`has an external id that is ${status} when ${title}`, () => {
      expect(externalIdCheck('444455556666', entrance({ hasExternalId }), without).status).to.equal(status);
    });
  }
});

describe('permissions', () => {
  const unknown = { known: 'unknown', why: 'not allowed to ask' } as const;
  const of = (...permissions: readonly (readonly [Action, Permission])[]) =>
    permissionChecks(new Map(permissions), '444455556666', entrance());

  it('are a check each, and what is unknown for one reason is one check', () => {
    const checks = of(
      ['iam:ListUsers', { known: 'allowed', by: 'call', message: '' }],
      ['iam:DeleteAccessKey', { known: 'denied', by: 'simulation', message: 'may not' }],
      ['iam:ListAccessKeys', { known: 'failed', failure: failure({ kind: 'throttled' }) }],
      ['iam:CreateAccessKey', unknown],
      ['iam:UpdateAccessKey', unknown],
    );
    expect(said(checks)).to.deep.equal([
      'iam:ListUsers: ok',
      'iam:DeleteAccessKey: wrong',
      'iam:ListAccessKeys: not-checked',
      'permissions: not-checked',
    ]);
    expect(checks[1]?.nextStep).to.match(/service control policy.+444455556666.+member-role\.yml/);
    expect(checks[3]?.message).to.equal('not allowed to ask: iam:CreateAccessKey, iam:UpdateAccessKey');
  });

  it('of the own account come with the deployment', () => {
    const denied = { known: 'denied', by: 'call', message: 'no' } as const;
    const [check] = permissionChecks(new Map([['iam:ListUsers', denied]]), '111122223333', entrance());
    expect(check?.nextStep).to.contain('npx serverless deploy --region eu-central-1');
  });
});

describe('a question without an answer', () => {
  const missing = { message: 'it is not there', nextStep: 'make it' };
  for (const [kind, status] of [
    ['denied', 'not-checked'],
    ['throttled', 'not-checked'],
    ['transient', 'not-checked'],
    ['not-found', 'wrong'],
    ['unknown', 'wrong'],
  ] as const satisfies readonly (readonly [FailureKind, string])[]) {
    it(`is ${status} when it failed as ${kind}`, () => {
      const check = unanswered('table', 'status', failure({ kind }), missing);
      expect(check.status).to.equal(status);
      expect(check.nextStep).to.be.a('string').and.not.equal('');
    });
  }
});

describe('health', () => {
  it('is lost by what is wrong, not by what is not checked', () => {
    const fine = [ok('table', 'keys', ''), notChecked('table', 'keys', '')];
    expect(isHealthy({ checks: fine })).to.equal(true);
    expect(isHealthy({ checks: [...fine, wrong('table', 'keys', '', '')] })).to.equal(false);
  });
  it('quotes what a shell would take apart', () => {
    expect(['a-b', 'a b', "it's", '$(rm)', ''].map(quoted)).to.deep.equal([
      'a-b',
      "'a b'",
      "'it'\\''s'",
      "'$(rm)'",
      "''",
    ]);
  });
});
