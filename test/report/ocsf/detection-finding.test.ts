import { expect } from 'chai';
import { z } from 'zod';
import type { StoredAccount, StoredKey } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { ocsfLines } from '../../../src/report/ocsf/detection-finding.ts';
import { T0 } from '../../support/builders.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

/*
 * What the schema requires, with the values that it allows, as github.com/ocsf/ocsf-schema had it at several commits
 * about version 1.9.0 (not all at that tag):
 * events/findings/{finding,detection_finding}.json, events/base_event.json, profiles/cloud.json and
 * objects/{metadata,product,finding_info,cloud,account,remediation,resource_details}.json.
 */
const Account = z.object({
  uid: z.string(),
  name: z.string(),
  type_id: z.literal(10),
  type: z.literal('AWS Account'),
});
/** The schema would be content with a name. py-ocsf-models, by which Prowler's findings are read, is not. */
const Owner = z.object({
  name: z.string().min(1),
  uid: z.string().min(1),
  type_id: z.literal(0),
  type: z.literal('Unknown'),
  account: Account,
});
const Finding = z.object({
  activity_id: z.literal(1),
  category_uid: z.literal(2),
  class_uid: z.literal(2004),
  type_uid: z.literal(200_401),
  severity_id: z.union([z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  severity: z.enum(['Low', 'Medium', 'High', 'Critical']),
  status_id: z.union([z.literal(1), z.literal(3)]),
  status: z.enum(['New', 'Suppressed']),
  time: z.int(),
  message: z.string().min(1),
  is_alert: z.boolean(),
  metadata: z.object({
    version: z.literal('1.9.0'),
    profiles: z.tuple([z.literal('cloud')]),
    uid: z.string(),
    product: z.object({ name: z.string(), vendor_name: z.string(), version: z.string() }),
  }),
  finding_info: z.object({
    uid: z.string().min(1),
    title: z.string().min(1),
    desc: z.string().min(1),
    types: z.array(z.string()).min(1),
    created_time: z.int(),
    first_seen_time: z.int().optional(),
    last_seen_time: z.int(),
  }),
  remediation: z.object({ desc: z.string().min(1) }),
  cloud: z.object({ provider: z.literal('AWS'), account: Account }),
  resources: z
    .array(
      z.object({
        type: z.string(),
        uid: z.string(),
        name: z.string().optional(),
        owner: Owner.optional(),
        data: z.object({ created_at: z.iso.datetime().nullable(), age_days: z.int().nullable() }).optional(),
      }),
    )
    .min(1),
});

const found = (...accounts: readonly StoredAccount[]) =>
  ocsfLines(storedRun(accounts))
    .split('\n')
    .slice(0, -1)
    .map((line) => Finding.parse(JSON.parse(line)));
const of = (...keys: readonly StoredKey[]) => found(storedAccount({ keys }));

describe('an OCSF finding', () => {
  it('is there for each key that needs attention, and for root, one JSON object a line', () => {
    const keys = [
      storedKey('AKIA1', 100, { reason: 'unused', lastUse: { kind: 'never' } }),
      storedKey('AKIA2', 5, { userName: 'bob' }),
      storedKey('AKIA3', 20, { userName: 'eve' }),
      storedKey('AKIA4', 10, { userName: 'eve' }),
    ];
    const all = found(storedAccount({ keys, rootKeys: 'present' }));
    expect(all.map(({ finding_info: { uid, types }, severity }) => [uid, severity, types])).to.deep.equal([
      ['access-key-rotation/111111111111/root', 'Critical', ['root-key']],
      ['access-key-rotation/111111111111/AKIA1', 'High', ['over-limit', 'unused']],
      ['access-key-rotation/111111111111/AKIA3', 'Medium', ['two-keys']],
      ['access-key-rotation/111111111111/AKIA4', 'Medium', ['two-keys']],
    ]);
    expect(found(storedAccount())).to.deep.equal([]);
    expect(ocsfLines(storedRun([]))).to.equal('');
  });

  it('has the same uid in the next run, and another one of its own', () => {
    const key = storedKey('AKIA1', 100);
    const [one, other] = ['a', 'b'].map((runId) => {
      const line = ocsfLines(storedRun([storedAccount({ keys: [key] })], { runId }));
      return Finding.parse(JSON.parse(line));
    });
    expect(one?.finding_info.uid).to.equal(other?.finding_info.uid);
    expect(one?.metadata.uid).not.to.equal(other?.metadata.uid);
  });

  it('names account, key and user, since when, and what to do', () => {
    const [one] = of(storedKey('AKIA1', 100, { owner: 'team-a', nextStep: 'Ask Ann.' }));
    expect(one?.cloud.account).to.include({ uid: '111111111111', name: 'production' });
    expect(one?.resources.map(({ type, uid }) => [type, uid])).to.deep.equal([
      ['AWS::IAM::AccessKey', 'AKIA1'],
      ['AWS::IAM::User', '111111111111/ann'],
    ]);
    expect(one?.finding_info.first_seen_time).to.equal(T0 - days(10));
    expect(one?.remediation.desc).to.equal('Ask Ann.');
    expect(one?.time).to.equal(T0);
  });

  it('says of an owner all that readers ask for, and nothing where there is none', () => {
    const ownerOf = (owner: string) => of(storedKey('AKIA1', 100, { owner }))[0]?.resources[0]?.owner;
    expect(ownerOf('team-a')).to.deep.equal({
      name: 'team-a',
      uid: 'team-a',
      type_id: 0,
      type: 'Unknown',
      account: { uid: '111111111111', name: 'production', type_id: 10, type: 'AWS Account' },
    });
    expect(ownerOf('\u200b')).to.equal(undefined);
    expect(of(storedKey('AKIA1', 100))[0]?.resources[0]).not.to.have.property('owner');
  });

  it('has no date that is none', () => {
    const unknown = { createdAt: null as unknown as number };
    const lines = of(
      storedKey('AKIA1', 0, { ...unknown, reason: 'unused', lastUse: { kind: 'never' } }),
      storedKey('AKIA2', 0, { ...unknown, userName: 'eve' }),
      storedKey('AKIA3', 0, { ...unknown, userName: 'eve' }),
    );
    expect(lines).to.have.length(3);
    for (const { finding_info: info, resources } of lines) {
      expect(info).not.to.have.property('first_seen_time');
      expect(resources[0]?.data).to.deep.equal({ created_at: null, age_days: null });
    }
  });

  it('is suppressed, and no alert, while somebody answers for it', () => {
    const exemption = { owner: 'ann', reason: 'slow', until: T0 + days(1) };
    const [one] = of(storedKey('AKIA1', 100, { action: 'exempt', exemption }));
    expect([one?.status, one?.status_id, one?.is_alert]).to.deep.equal(['Suppressed', 3, false]);
    expect(of(storedKey('AKIA1', 100))[0]).to.include({ status: 'New', is_alert: true });
  });

  for (const text of Object.values(HOSTILE)) {
    it(`is one line with ${JSON.stringify(text).slice(0, 60)} in it`, () => {
      const keys = [
        storedKey('AKIA1', 100, { userName: text, owner: text, message: text, nextStep: `x${text}` }),
      ];
      expect(found(storedAccount({ name: text, keys }))).to.have.length(1);
    });
  }
});
