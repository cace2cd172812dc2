import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { dynamoHistory } from '../../../../src/aws/table/history.ts';
import { emulatorForThisFile } from '../../../support/world.ts';
import { APP, DATA, problemsIn, settingsWorld, type SettingsWorld } from './world.ts';

describe('settings import and export', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  let folder = '';
  beforeEach(async () => {
    there = await settingsWorld(emulator());
    folder = await mkdtemp(path.join(tmpdir(), 'settings-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const fileOf = async (text: string, name = 'settings.yaml') => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const importing = async (text: string, ...words: readonly string[]) =>
    there.settings(['import', await fileOf(text), ...words]);
  const FULL = () => `
organization:
  unusedAfter: off
  maxDeletions: 10%
  removeOrphanedSecrets: true
  exemptions: [{users: [group:ci], owner: Ann, reason: moves, until: 2026-05-31}]
  final: [unusedAfter]
organizationalUnits:
  ${there.ous['Workloads/App'] ?? ''}: {rotateAfter: 45}
accounts:
  '${APP}':
    owner: "0123"
    secretReaders: ['arn:aws:iam::111122223333:role/reader']
    users:
      svc-a: {whenStillInUse: wait}
  '${DATA}': {includeUsers: [svc-*]}
`;

  it('writes a file into the table, and what was there goes', async () => {
    await importing('organization: {owner: x, rotateAfter: 30}', '--yes');
    const { code, stdout, stderr } = await importing(
      `organization: {rotateAfter: 40}\naccounts: {'${APP}': {owner: y}}`,
      '--yes',
    );
    expect([code, stdout]).to.deep.equal([0, 'Changed.\n']);
    expect(stderr).to.equal(
      `the organization changed\n  owner: x -> not set\n  rotateAfter: 30 -> 40\naccount ${APP} added\n  owner: not set -> y\n`,
    );
    expect((await there.settings(['reset', '--yes'])).code).to.equal(0);
    expect(await there.rows()).to.deep.equal({});
  });

  for (const [name, ...words] of [
    ['exported.yaml'],
    ['exported.json'],
    ['exported', '--format', 'json'],
    ['exported', '--json'],
    ['exported'],
  ] as const) {
    it(`changes nothing by importing what was exported: ${[name, ...words].join(' ')}`, async () => {
      await importing(FULL(), '--yes');
      const before = await there.rows();
      expect(Object.keys(before)).to.have.length(5);
      const file = path.join(folder, name);
      expect(await there.settings(['export', file, ...words])).to.deep.include({
        code: 0,
        stdout: '',
        stderr: '',
      });
      const isJson = (await readFile(file, 'utf8')).startsWith('{');
      expect(isJson).to.equal(name.endsWith('.json') || words.length > 0);
      expect(await there.settings(['import', file])).to.deep.equal({
        code: 0,
        stdout: 'Nothing to change.\n',
        stderr: '',
      });
      await there.settings(['reset', '--yes']);
      expect((await there.settings(['import', file, '--yes'])).code).to.equal(0);
      expect(await there.rows()).to.deep.equal(before);
    });
  }

  it('writes the export on stdout where there is no file', async () => {
    await importing(`accounts: {'${APP}': {owner: "007"}}`, '--yes');
    expect(await there.settings(['export'])).to.deep.equal({
      code: 0,
      stdout: `accounts:\n  "${APP}":\n    owner: "007"\n`,
      stderr: '',
    });
    const { stdout } = await there.settings(['export', '--json']);
    expect(JSON.parse(stdout)).to.deep.include({ accounts: { [APP]: { owner: '007' } } });
  });

  it('shows what it would do, asks, and does nothing without an answer', async () => {
    const { code, stderr } = await importing(`accounts: {'${APP}': {owner: y}}`);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^account \d+ added\n {2}owner: not set -> y\n/);
    expect((await importing(FULL())).code).to.equal(2);
    expect(await there.rows()).to.deep.equal({});
  });

  it('names all problems of a file at once, with their places, and does nothing', async () => {
    const text = `organization: {rotateAftr: 1}\naccounts: {'${APP}': {mode: x, users: {a: {mode: audit}}}, 012345678901: {}}`;
    const { code, stderr } = await importing(text, '--yes');
    expect([code, problemsIn(stderr)]).to.deep.equal([
      2,
      ["accounts.012345678901: YAML reads this as 12345678901 (line 2); put it into quotes: '012345678901'"],
    ]);
    const quoted = await importing(text.replace('012345678901', "'012345678901'"), '--yes');
    expect(problemsIn(quoted.stderr).map((problem) => problem.split(':')[0])).to.deep.equal([
      'organization.rotateAftr',
      `accounts.${APP}.mode`,
      `accounts.${APP}.users.a.mode`,
    ]);
    expect(await there.rows()).to.deep.equal({});
  });

  it('names all contradictions at once, with whom they are about, and does nothing', async () => {
    const text = `
organization: {owner: x, final: [owner], secretDelivery: central}
accounts:
  '${APP}': {rotateAfter: 85, users: {svc-a: {owner: y}}}
  '999999999999': {owner: z}
`;
    const { code, stderr } = await importing(text, '--yes');
    expect(code).to.equal(2);
    expect(problemsIn(stderr).map((problem) => problem.split(':').slice(0, 2).join(':'))).to.deep.equal([
      'account 999999999999: the organization has no such account',
      'the organization: secretKmsKeyId (not set)',
      `account ${APP}: deactivateAfter (default)`,
      `user svc-a of account ${APP}: owner`,
    ]);
    expect(await there.rows()).to.deep.equal({});
  });

  it('removes nothing by a file that sets nothing; reset removes all, once it is confirmed', async () => {
    await importing(FULL(), '--yes');
    const before = await there.rows();
    for (const nothing of ['null', '~', '', '# nothing', '{}', '{"$schema": "x"}']) {
      expect((await importing(nothing, '--yes')).code, nothing).to.equal(2);
    }
    const asked = await there.settings(['reset'], { answer: 'n' });
    expect([asked.code, asked.stderr]).to.satisfy(
      ([code, stderr]: [number, string]) => code === 1 && stderr.includes(`account ${APP} removed`),
    );
    expect((await there.settings(['reset'])).code).to.equal(2);
    expect(await there.rows()).to.deep.equal(before);
    const { stdout } = await there.settings(['reset', '--yes', '--json']);
    expect(JSON.parse(stdout)).to.have.property('changes').with.length(5);
    expect(await there.rows()).to.deep.equal({});
    expect((await there.settings(['reset', '--yes'])).stdout).to.equal('Nothing to change.\n');
  });

  it('names the file that can not be read', async () => {
    const { code, stderr } = await there.settings(['import', path.join(folder, 'gone.yaml'), '--yes']);
    expect([code, problemsIn(stderr)[0]]).to.satisfy(
      ([number, text]: [number, string]) => number === 2 && /gone\.yaml: can't be read \(ENOENT/.test(text),
    );
  });

  it('replaces rows that are wrong, and takes away those that nobody understands', async () => {
    await there.putItem(`account#${APP}`, { values: { rotateAfter: '60d' } });
    await there.putItem('accounts', { values: { owner: 'x' } });
    const exported = await there.settings(['export']);
    expect([exported.code, exported.stdout]).to.deep.equal([
      1,
      `accounts:\n  "${APP}":\n    rotateAfter: 60d\n`,
    ]);
    expect(exported.stderr.split('\n')).to.have.length(3);
    const { code, stderr } = await importing(exported.stdout.replace('60d', '60'), '--yes');
    expect(code).to.equal(0);
    expect(stderr).to.equal(
      `account ${APP} changed\n  rotateAfter: 60d -> 60\nthe row accounts removed\n  owner: x -> not set\n`,
    );
    expect(await there.rows()).to.deep.equal({ [`account#${APP}`]: { rotateAfter: 60 } });
  });

  it('writes large files in several transactions; one that breaks off stops everybody until it is done', async () => {
    const users = Array.from({ length: 60 }, (_, index) => `u${index}: {rotateAfter: 30}`);
    const text = `accounts: {'${APP}': {users: {${users.join(', ')}}}}`;
    const fault = {
      action: 'dynamodb:TransactWriteItems',
      skip: 1,
      times: 1,
      code: 'AccessDeniedException',
    } as const;
    await emulator().inject({ ...fault, kind: 'error' });
    const broken = await importing(text, '--yes');
    expect([broken.code, broken.stderr]).to.satisfy(
      ([code, stderr]: [number, string]) =>
        code === 1 && stderr.includes('dynamodb:TransactWriteItems failed'),
    );
    expect(Object.keys(await there.rows())).to.have.length(45);
    expect((await there.settings(['list'])).stdout).to.match(
      /^wrong an import of settings was begun at .+ is not finished; finish it first, with the file/,
    );
    const shown = await there.settings(['show', '--account', DATA]);
    expect([shown.code, shown.stdout]).to.satisfy(
      ([code, stdout]: [number, string]) => code === 1 && stdout.includes('is not finished; finish it first'),
    );
    expect((await importing(text, '--yes')).code).to.equal(0);
    expect(Object.keys(await there.rows())).to.have.length(60);
    expect((await there.settings(['show', '--account', DATA])).code).to.equal(0);
    const { aws, organization } = there.world;
    expect((await dynamoHistory(aws, organization.tableName).of(APP)).entries).to.have.length(60);
  });

  it('does not export what is half written: importing that would make it the whole truth', async () => {
    await importing('organization: {owner: x}', '--yes');
    await there.putItem('version', { version: 1, unfinished: 'yesterday by somebody' });
    const file = path.join(folder, 'half.yaml');
    for (const words of [[file], [], ['--json']]) {
      const { code, stdout, stderr } = await there.settings(['export', ...words]);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.equal(
        'export the settings failed: an import of settings was begun at yesterday by somebody and is not finished: the table says only a part of what was meant\n' +
          '  Next step: Finish it first, with the file it was begun with: access-key-rotation settings import FILE\n',
      );
    }
    expect(await readdir(folder)).to.deep.equal(['settings.yaml']);
    expect((await there.settings(['list'])).stdout).to.match(/^wrong an import of settings was begun/);
    await importing('organization: {owner: x}', '--yes');
    expect((await there.settings(['export', file])).code).to.equal(0);
  });

  it('finishes an import that broke off, though all is written', async () => {
    await importing('organization: {owner: x}', '--yes');
    await there.putItem('version', { version: 1, unfinished: 'yesterday by somebody' });
    const { code, stderr } = await importing('organization: {owner: x}', '--yes');
    expect([code, stderr]).to.deep.equal([0, 'Finishes the import that was begun.\n']);
    expect((await there.settings(['list'])).code).to.equal(0);
  });
});
