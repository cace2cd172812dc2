import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from '../../src/cli/main.ts';
import { fakeTerminal } from '../support/terminal.ts';

/*
 * Files of settings that can't be meant as they are. Each is imported by the command itself. A file is read
 * before the table is: AWS isn't called, and nothing answers where the SDK would look for it.
 */

const A = '111122223333';
const MANY = 20_000;
const account = (settings: string) => `accounts:\n  '${A}':\n    ${settings}\n`;
const organization = (settings: string) => `organization: {${settings}}\n`;
const users = (settings: string) => account(`users: {${settings}}`);
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const NOTHING =
  /^the file: (is empty$|sets nothing, and importing it would remove all settings; .+ settings reset does it$)/;
const TEXT = /must be a text in UTF-8, .+; save it as UTF-8 and import it again$/;

const BAD: readonly (readonly [title: string, content: string | Uint8Array, says: RegExp])[] = [
  // Files that would remove everything.
  ['nothing at all', '', NOTHING],
  ['blanks', ' \n\n', NOTHING],
  ['a comment', '# organization: {rotateAfter: 60}\n', NOTHING],
  ['the begin of a document', '---\n', NOTHING],
  ['the end of a document', '...\n', NOTHING],
  ['null', 'null', NOTHING],
  ['a tilde', '~', NOTHING],
  ['Null', 'Null\n', NOTHING],
  ['an empty map', '{}', NOTHING],
  ['only $schema', '{"$schema": "urn:access-key-rotation:settings"}', NOTHING],
  ['only $schema, in YAML', '$schema: urn:access-key-rotation:settings\n', NOTHING],
  ['parts without anything in them', 'organization:\norganizationalUnits: {}\naccounts:\n', NOTHING],
  ['an account without settings', account('{}'), NOTHING],
  ['users without settings', users('ann: {}, bob: '), NOTHING],
  ['an empty list of final names', organization('final: []'), NOTHING],
  // What isn't a map of what can be set.
  [
    'a list',
    '- organization\n',
    /^the file: must be a map of organization, organizationalUnits, accounts, not \[/,
  ],
  ['a text', 'settings', /^the file: must be a map of .+, not "settings"$/],
  ['a number', '7', /^the file: must be a map of .+, not 7$/],
  ['an unknown part', 'organisation: {owner: x}', /^organisation: no such part.+organization/],
  [
    'a part that is a list',
    'organization: [owner]',
    /^organization: must be a map of settings, not \["owner"\]$/,
  ],
  [
    'accounts that are a list',
    `accounts: ['${A}']`,
    /^accounts: must be a map of ids or names, and their settings/,
  ],
  [
    'an account that is a text',
    account('production'),
    new RegExp(`^accounts\\.${A}: must be a map of settings`),
  ],
  [
    'a short account id',
    "accounts: {'123': {owner: x}}",
    /^accounts\.123: must be an account id of twelve digits$/,
  ],
  [
    'an account id that lost its zero',
    'accounts: {012345678901: {owner: x}}',
    /put it into quotes: '012345678901'$/,
  ],
  [
    'an account by its name',
    'accounts: {production: {owner: x}}',
    /^accounts\.production: must be an account id/,
  ],
  [
    'a unit by its name',
    'organizationalUnits: {Workloads: {owner: x}}',
    /^organizationalUnits\.Workloads: must be the id of a unit/,
  ],
  [
    'a user by its path',
    users('/team/ann: {owner: x}'),
    /users\.\/team\/ann: must be the name of an IAM user$/,
  ],
  ['a user in two cases', users('ann: {owner: x}, ANN: {owner: y}'), /users\.ANN: is the same user as ann$/],
  [
    'an unknown setting',
    organization('rotateAftr: 60'),
    /^organization\.rotateAftr: no such setting.+rotateAfter/,
  ],
  [
    'a hidden name',
    '{"organization": {"__proto__": {"mode": "enforce"}, "owner": "x"}}',
    /^organization\.__proto__: no such setting/,
  ],
  ['a mode for a user', users('ann: {mode: audit}'), /users\.ann\.mode: can't be set for a user/],
  [
    'an exemption for an account',
    account('exemption: {owner: x, reason: y, until: 2026-12-31}'),
    /exemption: can't be set for an account/,
  ],
  ['final for a user', users('ann: {owner: x, final: [owner]}'), /final: can't be set for a user/],
  ['an unknown name in final', organization('owner: x, final: [ownr]'), /final: ownr: no such setting/],
  // YAML's surprises.
  ['an unknown tag', organization('owner: !secret x'), /^the file: Unresolved tag: !secret/],
  [
    'a tag of a language',
    organization("owner: !!python/object/apply:os.system ['id']"),
    /^the file: Unresolved tag: /,
  ],
  ['a binary value', organization('owner: !!binary aGk='), /owner: must be a text of/],
  ['a date by its tag', organization('owner: !!timestamp 2026-01-01'), /owner: must be a text of/],
  [
    'another version of YAML',
    '%YAML 1.1\n---\norganization: {rotateAfter: 060}\n',
    /is read as YAML 1\.2, not 1\.1/,
  ],
  [
    'an anchor and its alias',
    'organization: &x {owner: a}\naccounts: *x',
    /^accounts: must be written out; anchors/,
  ],
  [
    'a bomb of aliases',
    `a: &a [x,x]\nb: &b [*a,*a]\norganization: *b`,
    /anchors and aliases \(&, \*\) are not supported here/,
  ],
  ['a merge', 'organization: {<<: {owner: x}}', /^organization\.<<: no such setting/],
  [
    'two documents',
    'organization: {owner: x}\n---\norganization: {owner: y}\n',
    /^the file: .*multiple documents/,
  ],
  ['a setting twice', account('owner: a\n    owner: b'), /owner: is there twice \(again in line 4\)$/],
  ['an account twice', `{"accounts": {"${A}": {}, "${A}": {}}}`, /is there twice \(again in line 1\)$/],
  ['a tab for blanks', 'organization:\n\towner: x\n', /^the file: .*[Tt]ab/],
  ['a bracket that stays open', 'organization: {owner: x', /^the file: /],
  ['JSON with half of it lost', '{"organization": {"owner": "x"', /^the file: /],
  ['a list as a name', '? [a, b]\n: x\n', /^the file: keys must be names, not lists or maps$/],
  // Values.
  [
    'a number in quotes',
    organization("rotateAfter: '60'"),
    /rotateAfter: must be a number of days .+, without quotes, not "60"$/,
  ],
  [
    'a unit behind a number',
    organization('rotateAfter: 60d'),
    /rotateAfter: must be .+, without a unit, not "60d"$/,
  ],
  ['infinity', organization('rotateAfter: .inf'), /rotateAfter: must be .+, not Infinity$/],
  ['not a number', organization('rotateAfter: .nan'), /rotateAfter: must be .+, not NaN$/],
  [
    'seconds for days',
    organization('rotateAfter: 5184000'),
    /rotateAfter: must be .+ at most 3650, not 5184000$/,
  ],
  [
    'more than all keys',
    organization('maxDeletions: 101%'),
    /maxDeletions: must be a number of keys, or a share .+, not "101%"$/,
  ],
  [
    'far more than all keys',
    organization('maxDeactivations: 2500%'),
    /maxDeactivations: must be .+, not "2500%"$/,
  ],
  ['a negative share', organization('maxDeletions: -5%'), /maxDeletions: must be .+, not "-5%"$/],
  ['a share as a fraction', organization('maxDeletions: 0.25'), /maxDeletions: must be .+, not 0\.25$/],
  [
    'a region twice',
    organization('secretReplicaRegions: [eu-west-1, eu-west-1]'),
    /secretReplicaRegions: must name each region once/,
  ],
  [
    'a region that can not be',
    organization('secretReplicaRegions: [eu-west-11]'),
    /Regions\.0: must be a region like eu-central-1, not "eu-west-11"$/,
  ],
  [
    'a region of nowhere',
    organization('secretReplicaRegions: [xx-west-1]'),
    /must be a region like eu-central-1, not "xx-west-1"$/,
  ],
  [
    'a zone for a region',
    organization('secretReplicaRegions: [eu-west-1a]'),
    /must be a region like eu-central-1, not "eu-west-1a"$/,
  ],
  [
    'a region by its city',
    organization('secretReplicaRegions: [Ireland]'),
    /must be a region like eu-central-1, not "Ireland"$/,
  ],
  [
    'regions of two worlds',
    organization('secretReplicaRegions: [eu-west-1, cn-north-1]'),
    /secretReplicaRegions: must be in one partition/,
  ],
  [
    "a key of AWS's own by its ARN",
    organization(`secretKmsKeyId: 'arn:aws:kms:eu-central-1:${A}:alias/aws/secretsmanager'`),
    /secretKmsKeyId: must be the id, alias or ARN of a KMS key/,
  ],
  [
    "AWS's own key of another service",
    organization('secretKmsKeyId: alias/aws/s3'),
    /secretKmsKeyId: must be the id, alias or ARN/,
  ],
  [
    'half of the ARN of a key',
    organization('secretKmsKeyId: arn:aws:kms:eu-central-1'),
    /secretKmsKeyId: must be the id, alias or ARN/,
  ],
  [
    'a topic that is none',
    organization('topicArn: access-keys'),
    /topicArn: must be the ARN of a standard SNS topic/,
  ],
  [
    'an owner of two lines',
    organization('owner: "a\\nb"'),
    /owner: must be a text of 1 to 256 characters on one line/,
  ],
  ['users who are one text', account('excludeUsers: svc-*'), /excludeUsers: must be a list of name:svc-\*/],
  [
    'a user by a wrong word',
    account("excludeUsers: ['role:x']"),
    /excludeUsers\.0: must be like name:svc-\*/,
  ],
  [
    'an exemption by a tag of the user',
    account("exemptions: [{users: ['tag:keep'], owner: x, reason: y, until: 2026-12-31}]"),
    /can be used for the organization only/,
  ],
  [
    'an exemption for ever',
    users('ann: {exemption: {owner: x, reason: y, until: 2199-01-01}}'),
    /until: must be at most a year \(366 days\) from now/,
  ],
  [
    'an exemption without an end',
    users('ann: {exemption: {owner: x, reason: y}}'),
    /exemption\.until: is missing/,
  ],
  [
    'a day that does not exist',
    users('ann: {exemption: {owner: x, reason: y, until: 2026-02-30}}'),
    /until: must be a date like/,
  ],
  [
    'an exemption of nobody',
    organization('exemptions: [{users: [], owner: x, reason: y, until: 2026-12-31}]'),
    /users: must name users/,
  ],
  // What isn't text.
  ['UTF-16', Buffer.from('\ufefforganization: {owner: x}', 'utf16le'), TEXT],
  ['UTF-16 without its mark', Buffer.from('organization: {owner: x}', 'utf16le'), TEXT],
  ['UTF-16, the other way round', Buffer.from('\ufefforganization: {owner: x}', 'utf16le').swap16(), TEXT],
  [
    'Latin-1',
    bytes('organization:\n  owner: J', [0xf6], 'rg\n'),
    /must be a text in UTF-8, and line 2 holds bytes that aren't/,
  ],
  ['half of a character', bytes('organization: {owner: x', [0xe2, 0x82]), TEXT],
  ['an archive', bytes('PK', [3, 4, 20, 0, 0, 0, 8, 0]), TEXT],
  ['random bytes', Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 7919) % 256)), TEXT],
  // Far too much of it.
  [
    'wrong settings without end',
    users(Array.from({ length: MANY }, (_, index) => `u${index}: {mode: x}`).join(', ')),
    /^and \d+ more problems$/m,
  ],
  [
    'a value without end',
    organization(`mode: ${'x'.repeat(MANY * 10)}`),
    /^organization\.mode: must be one of .+, not "x+\.\.\.$/,
  ],
  ['a name without end', organization(`${'x'.repeat(900)}: 1`), /^organization\.x+: no such setting/],
  [
    'maps without end',
    `organization: ${'{a: '.repeat(500)}1${'}'.repeat(500)}`,
    /^organization\.a: no such setting/,
  ],
];

describe('bad input: a file of settings is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bad-files-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const environment = { ROTATION_TABLE_NAME: 'ledger' };
  const aws = {
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: () => Promise.reject(new Error('nobody may ask for credentials')),
    clock: { now: () => Date.UTC(2026, 0, 5), sleep: () => Promise.resolve() },
  };

  for (const [title, content, says] of BAD) {
    it(`that is or has ${title}`, async () => {
      const file = join(folder, 'settings.yaml');
      writeFileSync(file, content);
      const terminal = fakeTerminal({ environment, aws });
      const code = await main(['settings', 'import', file, '--yes'], terminal);
      const printed = terminal.stderrText();
      const problems = printed.split('\n').flatMap((line) => (line.startsWith('  - ') ? line.slice(4) : []));
      expect([code, terminal.stdoutText()], printed.slice(0, 2_000)).to.deep.equal([2, '']);
      expect(problems.join('\n')).to.match(says);
      expect(printed.length).to.be.below(25_000);
    });
  }
});
