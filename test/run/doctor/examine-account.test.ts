import { expect } from 'chai';
import type { AccountExaminer } from '../../../src/run/ports/doctor.ts';
import { account, snapshotOf } from '../../support/builders.ts';
import {
  about,
  ACCOUNTS,
  notOk,
  doors,
  inside,
  OTHER,
  OWN,
  refuse,
} from '../../support/memory/examination.ts';

describe('the examination of an account', () => {
  /** The own account is as it should be. */
  const otherIs = (examiner: AccountExaminer) =>
    doors({ enter: async (id) => (id === OTHER ? examiner : inside()) });

  it('does not stop at an account that refuses, nor at a defect', async () => {
    const third = account({ id: '777788889999' });
    const enter = async (id: string) => {
      if (id === OTHER) return await refuse('denied', 'sts:AssumeRole')();
      if (id === OWN) return inside();
      return {
        ...inside(),
        describeSecret: () => {
          throw new TypeError('defect');
        },
      };
    };
    const found = await notOk({ access: doors({ enter }) }, [...ACCOUNTS, third]);
    expect(found).to.deep.equal([
      `${OTHER} account enter wrong`,
      '777788889999 account secretsmanager:DescribeSecret wrong',
    ]);
  });

  it('tries with and without the external id', async () => {
    const expected = [OWN, OTHER].map((id) => `${id} account external id wrong`);
    const lenient = { enterWithoutExternalId: async () => undefined };
    expect(await notOk({ access: doors(lenient) })).to.deep.equal(expected);
    const only = { ...lenient, enter: refuse('denied', 'sts:AssumeRole') };
    expect(await notOk({ access: doors(only) })).to.deep.equal(expected);
  });

  it('never tries without an external id when none is set', async () => {
    const enterWithoutExternalId = async () => {
      throw new Error('tried');
    };
    const role = { roleName: 'r', rolePath: '/', hasExternalId: false };
    expect(await notOk({ role, access: doors({ enterWithoutExternalId }) })).to.deep.equal([]);
  });

  for (const [title, lookUpUsage, failing, expected] of [
    ['does not ask who uses a key where nobody wants to know', false, 'denied', []],
    ['asks it where the settings say so', true, 'denied', [`${OTHER} account cloudtrail:LookupEvents wrong`]],
    [
      'says that it got no answer',
      true,
      'transient',
      [`${OTHER} account cloudtrail:LookupEvents not-checked`],
    ],
  ] as const) {
    it(title, async () => {
      const examiner = inside({ lookUpUsage: refuse(failing, 'cloudtrail:LookupEvents') });
      const settings = { read: async () => snapshotOf({ lookUpUsage }) };
      expect(await notOk({ settings, access: otherIs(examiner) })).to.deep.equal(expected);
    });
  }

  it('reports what was denied', async () => {
    const refused = inside({ firstUser: refuse('denied', 'iam:ListUsers') });
    expect(await notOk({ access: otherIs(refused) })).to.deep.equal([`${OTHER} account iam:ListUsers wrong`]);
  });

  it('simulates what can not be tried: writing, and reading where there is no user', async () => {
    const asked: (readonly [string, readonly string[], string])[] = [];
    const empty = inside({
      firstUser: async () => undefined,
      simulate: async (principal, actions, resource) => {
        asked.push([principal, actions, resource]);
        return actions.map((action) => ({
          action,
          verdict: action === 'iam:DeleteAccessKey' ? ('denied' as const) : ('allowed' as const),
        }));
      },
    });
    expect(await notOk({ access: otherIs(empty) })).to.deep.equal([
      `${OTHER} account iam:DeleteAccessKey wrong`,
    ]);
    expect(asked.map(([principal]) => principal)).to.deep.equal(
      Array(2).fill(`arn:aws:iam::${OTHER}:role/access-key-rotation`),
    );
    expect(asked[0]?.[1]).to.include.members([
      'iam:ListAccessKeys',
      'iam:GetAccessKeyLastUsed',
      'iam:CreateAccessKey',
    ]);
    expect(asked[0]?.[2]).to.equal(`arn:aws:iam::${OTHER}:user/access-key-rotation-doctor`);
    expect(asked[1]?.[2]).to.match(/:secret:access-key-rotation\//);
  });

  for (const [title, simulate] of [
    ['not allowed', refuse('denied', 'iam:SimulatePrincipalPolicy')],
    ['broken', refuse('unknown', 'iam:SimulatePrincipalPolicy')],
    ['silent', async () => []],
  ] as const) {
    it(`says "not checked", once, where simulation is ${title}`, async () => {
      const found = await notOk({ access: otherIs(inside({ simulate })) });
      expect(found).to.deep.equal([`${OTHER} account permissions not-checked`]);
    });
  }

  it('enters the own account like any other', async () => {
    const entered: string[] = [];
    const principals: string[] = [];
    const own = inside({
      firstUser: refuse('denied', 'iam:ListUsers'),
      simulate: async (principal, actions) => {
        principals.push(principal);
        return actions.map((action) => ({ action, verdict: 'allowed' as const }));
      },
    });
    const enter = async (id: string) => {
      entered.push(id);
      return id === OWN ? own : inside();
    };
    expect(await notOk({ access: doors({ enter }) })).to.deep.equal([`${OWN} account iam:ListUsers wrong`]);
    expect(entered).to.have.members([OWN, OTHER]);
    expect(new Set(principals)).to.have.keys(`arn:aws:iam::${OWN}:role/access-key-rotation`);
  });

  it('says that the role of the own account comes with the stack of the service', async () => {
    const enter = (id: string) =>
      id === OWN ? refuse('denied', 'sts:AssumeRole')() : Promise.resolve(inside());
    const changes = { access: doors({ enter }) };
    expect(await notOk(changes)).to.deep.equal([`${OWN} account enter wrong`]);
    const [check] = await about(changes, { name: 'enter', status: 'wrong' });
    expect(check?.nextStep).to.match(/stack makes the member role .+: npx serverless deploy/);
  });
});
