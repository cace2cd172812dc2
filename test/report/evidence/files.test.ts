import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { csvParse } from 'd3-dsv';
import { expect } from 'chai';
import type { Evidence } from '../../../src/domain/report/evidence/evidence.ts';
import { evidenceOf } from '../../../src/domain/report/evidence/evidence.ts';
import type { StoredRun } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { VERSION } from '../../../src/domain/version.ts';
import { evidenceFiles } from '../../../src/report/evidence/files.ts';
import { parseEvidence } from '../../../src/report/evidence/schema.ts';
import { failure, gap, T0 } from '../../support/builders.ts';
import { evidence, quietKey } from '../../support/evidence.ts';
import { anyText, HOSTILE } from '../../support/hostile.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';
import fc from 'fast-check';

/** A run with one of everything, and one text wherever a text may come from outside. */
const runWith = (text: string): StoredRun => {
  const exemption = { owner: text, reason: text, until: T0 + days(9) };
  const key = (id: string, age: number, facts: Parameters<typeof storedKey>[2]) =>
    storedKey(id, age, { userName: text, owner: text, message: text, ...facts });
  return storedRun(
    [
      storedAccount({
        name: text,
        rootKeys: 'present',
        keys: [
          key('AKIAOLD', 120, {
            outcome: 'applied',
            action: 'replace',
            reason: 'due',
            replacedBy: 'AKIANEW',
          }),
          key('AKIANEW', 0, { replacementOf: 'AKIAOLD' }),
          key('AKIAEXEMPT', 130, { userName: `${text}x`, action: 'exempt', exemption }),
        ],
        gaps: [{ ...gap(text), failure: failure({ message: text }) }],
        exclusions: [
          { userName: text, setting: 'excludeUsers', from: text, selector: text, setBy: text, oldestKey: T0 },
        ],
        settings: [{ name: 'rotateAfter', value: text, from: text, setBy: text }],
      }),
      storedAccount({ id: '222222222222', name: text, status: 'skipped', cause: text }),
    ],
    { requestedBy: text, settings: [{ name: 'mode', value: 'enforce', from: text, setBy: text }] },
  );
};

const filesOf = (found: Evidence, at = T0): Readonly<Record<string, string>> =>
  Object.fromEntries(evidenceFiles(found, at).map(({ name, text }) => [name, text]));
const example = evidence(runWith('Ann'), [quietKey('zoe', 5)]);
const CSVS = ['accounts', 'actions', 'controls', 'exceptions', 'results', 'settings'].map(
  (one) => `${one}.csv`,
);

describe('the files of the evidence', () => {
  const files = filesOf(example);

  it('are all in SHA256SUMS but that itself, as sha256sum has it, and in the manifest', () => {
    const sum = (text: string) => createHash('sha256').update(text).digest('hex');
    const names = Object.keys(files).filter((name) => name !== 'SHA256SUMS');
    expect(files['SHA256SUMS']).to.equal(
      names.map((name) => `${sum(files[name] ?? '')}  ${name}\n`).join(''),
    );
    const manifest = JSON.parse(files['manifest.json'] ?? '') as Record<string, unknown>;
    expect(manifest).to.deep.include({
      schemaVersion: 1,
      toolVersion: VERSION,
      madeAt: '2026-03-01T06:00:00.000Z',
      runId: '20260301T055900Z-a1b2c3',
      runIds: ['20260301T055900Z-a1b2c3'],
    });
    expect((manifest['files'] as readonly { name: string }[]).map(({ name }) => name)).to.deep.equal(
      names.filter((name) => name !== 'manifest.json'),
    );
  });

  it('have the same bytes whenever they are made, but for the moment in the manifest', () => {
    const later = filesOf(evidence(runWith('Ann'), [quietKey('zoe', 5)]), T0 + days(5));
    const differ = Object.keys(files).filter((name) => files[name] !== later[name]);
    expect(differ).to.deep.equal(['manifest.json', 'SHA256SUMS']);
  });

  it('carry the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(VERSION).to.equal(version);
  });

  it('have the JSON that its schema describes, with what was counted and listed', () => {
    const json = parseEvidence(files['evidence.json'] ?? '');
    const rotated = json.checks.find(({ name }) => name === 'rotated-90');
    expect(rotated?.counts).to.deep.equal({ pass: 2, fail: 1, excepted: 1, 'not-assessed': 3 });
    const control = json.controls.find(({ id }) => id === 'pci-dss-4.0.1-8.3.9');
    expect([control?.counts, control?.strictFail]).to.deep.equal([rotated?.counts, 2]);
    expect(json.exceptions.map(({ kind, keyId }) => [kind, keyId])).to.deep.equal([
      ['exemption', 'AKIAEXEMPT'],
      ['exclusion', undefined],
      ['rotation-under-way', 'AKIAOLD'],
      ['rotation-under-way', 'AKIANEW'],
    ]);
    expect(json.actions).to.deep.equal([
      {
        at: '2026-03-01T06:00:00.000Z',
        runId: '20260301T055900Z-a1b2c3',
        requestedBy: 'Ann',
        accountId: '111111111111',
        accountName: 'Ann',
        userName: 'Ann',
        keyId: 'AKIAOLD',
        what: 'replace',
        reason: 'due',
        why: 'Ann',
        newKeyId: 'AKIANEW',
      },
    ]);
    expect(json.settings.map(({ name, accountId }) => [name, accountId])).to.deep.equal([
      ['mode', undefined],
      ['rotateAfter', '111111111111'],
    ]);
  });

  it('refuses JSON that is none of ours', () =>
    expect(() => parseEvidence((files['evidence.json'] ?? '').replace('"verdict"', '"verdikt"'))).to.throw());

  it('have every result in the CSV, with the controls that it is evidence for', () => {
    const rows = csvParse(files['results.csv'] ?? '');
    expect(rows.length).to.equal(example.checks.reduce((sum, { results }) => sum + results.length, 0));
    expect(
      rows.find(({ check, access_key_id: id }) => check === 'rotated-90' && id === 'AKIAEXEMPT'),
    ).to.include({
      controls: 'cis-7.0.0-2.12 cis-5.0.0-1.13 security-hub-iam.3 pci-dss-4.0.1-8.3.9',
      verdict: 'excepted',
      exception_owner: 'Ann',
      exception_until: '2026-03-10T06:00:00.000Z',
      since: '2026-01-20T06:00:00.000Z',
    });
    expect(csvParse(files['controls.csv'] ?? '').length).to.equal(example.controls.length);
  });

  it('say on the page what each control is evidence for, and what not, without any script', () => {
    const page = files['evidence.html'] ?? '';
    for (const { isEvidenceFor, saysNothingOf, number } of example.controls) {
      expect(page).to.contain(`<b>${number}</b>`);
      expect(page).to.contain(isEvidenceFor.replaceAll("'", '&#39;'));
      expect(page).to.contain(saysNothingOf.replaceAll("'", '&#39;'));
    }
    expect(page).to.match(/default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]{43}=&#39;; base-uri/);
    expect(page).not.to.match(/<script|<link|<img|https?:|javascript:/i);
  });

  it('have the first rows only on the page, and say where the others are', () => {
    const keys = [...Array(301).keys()].map((n) => storedKey(`AKIA${n}`, 100, { userName: `u${n}` }));
    const many = filesOf(evidence(storedRun([storedAccount({ keys })])));
    expect(many['evidence.html']).to.contain('And 1 more: results.csv');
    expect(many['results.csv']).to.contain('AKIA300');
  });

  it('name runs of which the report can not be understood, and do without what they did', () => {
    const run = storedRun([storedAccount()]);
    const name = { runId: 'other', finishedAt: T0 - 1, isWhole: true };
    const found = evidenceOf({ run, quiet: [], period: [{ name }], since: T0 - days(90) });
    expect(found.period.runs).to.deep.equal([{ ...name, isRead: false }]);
    expect(filesOf(found)['evidence.html']).to.contain('can not be understood');
  });
});

describe('hostile text in the evidence', () => {
  const plain = filesOf(example);
  const sound = (text: string) => {
    const files = filesOf(evidence(runWith(text), [quietKey(`${text}y`, 5)]));
    expect(parseEvidence(files['evidence.json'] ?? '').controls.length).to.equal(example.controls.length);
    const page = files['evidence.html'] ?? '';
    const tags = (html: string) => html.match(/<[a-z]+/gi)?.length;
    expect(tags(page)).to.equal(tags(plain['evidence.html'] ?? ''));
    for (const name of CSVS) {
      const csv = files[name] ?? '';
      expect(csvParse(csv).length, name).to.equal(csvParse(plain[name] ?? '').length);
      for (const row of csvParse(csv)) {
        for (const cell of Object.values(row)) expect(cell).not.to.match(/^\s*[=+\-@＝＋－＠]|[\r\n]/);
      }
    }
  };

  for (const text of [...Object.values(HOSTILE), '=cmd|x', '</style><script>alert(1)</script>', '"><b>']) {
    it(`stays text: ${JSON.stringify(text.slice(0, 60))}`, () => sound(text));
  }

  it('stays text, whatever it is', () => fc.assert(fc.property(anyText, sound), { numRuns: 15 }));
});
