import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { attributesOf } from '../../../src/domain/report/digest-attributes.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import { letsMessageThrough } from '../../../src/domain/subscriptions/lets-through.ts';
import { filterFrom } from '../../../src/domain/subscriptions/subscription.ts';
import { ownerMessagesOf } from '../../../src/report/digest/owner-messages.ts';
import {
  accountSettings,
  applied,
  decision,
  failed,
  key,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { context, digest, headings, replaced, unusedNotice, type Facts } from '../support.ts';

const by = (userName: string, owner?: string) => ({
  userName,
  key: key({ id: `AKIA${userName.toUpperCase()}` }),
  ...(owner === undefined ? {} : { owner }),
});
const messages = (outcomes: readonly Outcome[], facts: Facts = {}, mode: Mode = 'enforce') =>
  ownerMessagesOf(rotatedAccount({ settings: accountSettings({ mode }), outcomes, ...facts }), context());
const owners = (...asked: Parameters<typeof messages>) => messages(...asked).map(({ owner }) => owner);

describe("the messages of a digest's owners", () => {
  it('are one for each, with his own keys and nobody else\u2019s', () => {
    const found = messages([
      replaced(decision('replace', by('ann', 'team-a'))),
      applied(decision('deactivate', by('bob', 'team-b'))),
      applied(decision('delete', by('amy', 'team-a'))),
      applied(decision('delete', by('eve'))),
    ]);
    expect(found.map(({ owner, keyIds }) => [owner, ...keyIds])).to.deep.equal([
      ['team-a', 'AKIAANN', 'AKIAAMY'],
      ['team-b', 'AKIABOB'],
    ]);
    const { text, json } = found[0] ?? { text: '', json: '' };
    expect(text).to.contain('AKIAANN').and.to.contain('AKIAAMY');
    expect(`${text} ${json}`).not.to.match(/AKIABOB|AKIAEVE|team-b/);
    expect(JSON.parse(json)).to.deep.include({ kind: 'owner-digest', owner: 'team-a' });
  });

  it('begin with what is asked of him, and have nothing for administrators', () => {
    const [message = { subject: '', text: '' }] = messages(
      [
        replaced(decision('replace', by('ann', 'team-a'))),
        failed(decision('replace', by('amy', 'team-a'))),
        applied(decision('delete', by('abe', 'team-a'))),
      ],
      { findings: [{ severity: 'critical', message: 'The root user has access keys' }] },
    );
    expect(message.text.split('\n')[0]).to.match(/^AWS access keys of team-a in the account /);
    expect(headings(message)).to.deep.equal(['ASKED OF YOU (1)', 'DONE (1)']);
    expect(message.text).not.to.match(/ADMINISTRATORS|root user|AKIAAMY/i);
    expect(message.subject)
      .to.match(/use 1 new key/)
      .and.not.to.match(/failed|look at/);
  });

  const unused = { ...unusedNotice(), owner: 'team-a' };
  const told = digest({ outcomes: [untouched(unused)] }).told.get(unused.key.id);
  const memory = { ...unused.key.memory, told: { reason: unused.reason, ...told, at: T0 - days(1) } };
  const quiet = untouched({ ...unused, key: { ...unused.key, memory } });
  for (const [title, outcomes, mode, expected] of [
    ['nothing is to be said', [untouched(decision('keep', by('ann', 'team-a')))], 'enforce', []],
    [
      'only administrators have something to do',
      [failed(decision('replace', by('ann', 'team-a')))],
      'enforce',
      [],
    ],
    ['all was told before', [quiet], 'enforce', []],
    ['it is told anew', [quiet, applied(decision('delete', by('abe', 'team-a')))], 'enforce', ['team-a']],
    ['nobody is named', [applied(decision('delete', by('ann', ' \u200b')))], 'enforce', []],
    ['it is a plan', [applied(decision('delete', by('ann', 'team-a')))], 'audit', []],
  ] as const) {
    it(`${expected.length === 0 ? 'are not there' : 'are there'} where ${title}`, () => {
      expect(owners(outcomes, {}, mode)).to.deep.equal(expected);
    });
  }

  it('name an owner in a way that a message attribute may hold', () => {
    const [message] = messages([applied(decision('delete', by('ann', `x\n\u0000\u202e${'y'.repeat(400)}`)))]);
    expect(message?.owner).to.equal(`x ${'y'.repeat(252)}...`);
    expect(message?.attributes).to.deep.equal({ audience: 'owner', owner: message?.owner });
    expect(message?.lists).to.equal(undefined);
  });

  const [message = { attributes: {} }] = messages([applied(decision('delete', by('ann', 'team-a')))]);
  const accountDigest = {
    attributes: attributesOf({ id: '111111111101', name: 'app' }, 'warning', 'enforce'),
    lists: { owners: ['team-a'] },
  };
  for (const [policy, getsMessage, getsDigest] of [
    ['', 'yes', 'yes'],
    ['{"accountId":["111111111101"]}', 'no', 'yes'],
    ['{"accountName":[{"prefix":"a"}]}', 'no', 'yes'],
    ['{"severity":["warning"]}', 'no', 'yes'],
    ['{"severity":[{"anything-but":"info"}]}', 'no', 'yes'],
    ['{"mode":["enforce"]}', 'no', 'yes'],
    ['{"owners":["team-a"]}', 'no', 'yes'],
    ['{"owner":["team-a"]}', 'yes', 'no'],
    ['{"owner":["team-b"]}', 'no', 'no'],
    ['{"owner":[{"exists":false}]}', 'no', 'yes'],
    ['{"audience":["owner"]}', 'yes', 'no'],
  ] as const) {
    it(`pass the filter policy ${policy || 'of none'}: ${getsMessage}; the digest: ${getsDigest}`, () => {
      const filter = filterFrom(policy);
      expect(letsMessageThrough(filter, message)).to.equal(getsMessage);
      expect(letsMessageThrough(filter, accountDigest)).to.equal(getsDigest);
    });
  }
});
