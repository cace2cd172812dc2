import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { chatExamples, exampleFile, exampleMails } from '../../scripts/example-mails.ts';

const MAILS = exampleMails();
const FOLDER = 'docs/examples';
const COMMAND = /^ {4}(aws|access-key-rotation|credential_process) /;

/** What a first-time reader must find, in this order: what, in which account, about which user and key, until when. */
const ANSWERS: Readonly<Record<string, readonly [what: string, user: string, until: string]>> = {
  'just-replaced': ['put the new key', 'svc-ledger', 'By 2026-03-31,'],
  'just-replaced-sends-mail': ['put the new key', 'svc-mailer', 'By 2026-03-31,'],
  'new-key-not-used-yet': ['put the new key', 'svc-ledger', 'there is no last date'],
  'still-in-use': ['put the new key', 'svc-ledger', 'By 2026-03-11,'],
  'still-in-use-by-whom': ['put the new key', 'svc-ledger', 'By 2026-03-11,'],
  unused: ['use AKIAIOSFODNN7EXAMPLE, or let it go', 'old-report', 'By 2026-03-11,'],
  'two-keys': ['choose the one that may go', 'svc-ledger', 'there is no last date'],
  'new-key-lost': ['put it back, or get another one', 'svc-ledger', 'there is no last date'],
  'deactivated-at-its-last-date': ['on again if something needs it', 'svc-ledger', 'By 2026-03-11,'],
  'deleted-soon': ['on again if something needs it', 'svc-ledger', 'By 2026-03-07,'],
  emergency: ['put the new key', 'svc-ledger', 'NOW,'],
  'held-back': ['use AKIAIOSFODNN7EXAMPLE, or let it go', 'old-report', 'NOW,'],
  'of-one-owner': ['use AKIAIOSFODNN7EXAMPLE, or let it go', 'old-report', 'By 2026-03-11,'],
  'several-things': ['use AKIAIOSFODNN7EXAMPLE, or let it go', 'old-report', 'By 2026-03-11,'],
};

/** What happens to the key: it is told in one of these ways. */
const CONSEQUENCE =
  /If nothing is done: .*(stops? working|has stopped working|goes on working|keys go on working|does not work)/;

describe('The examples of mails', () => {
  it('are what npm run examples writes', () => {
    const files = [...MAILS.map(exampleFile), ...chatExamples()];
    expect(readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`)).to.have.members(
      files.map(({ path }) => path),
    );
    for (const { path, content } of files) expect(readFileSync(path, 'utf8'), path).to.equal(content);
  });

  it('ask for something in all mails that are said to, and in no other', () => {
    const asking = MAILS.filter(({ text }) => /^ASKED OF YOU \(/m.test(text)).map(({ name }) => name);
    expect(asking).to.have.members(Object.keys(ANSWERS));
  });

  for (const { name, subject, text } of MAILS) {
    it(`${name}: has at most 72 columns, but for commands`, () => {
      const long = text.split('\n').filter((line) => line.length > 72 && !COMMAND.test(line));
      expect(long).to.deep.equal([]);
      expect(subject).to.match(/^[\x20-\x7e]{1,100}$/);
    });

    it(`${name}: has no word of ours before what is for administrators`, () => {
      if (name === 'summary') return;
      const [forOwners = ''] = text.split('\nFOR ADMINISTRATORS\n');
      expect(forOwners).not.to.match(
        /\bgrace|adopt|notice|\bblocked\b|enforce|\baudit\b|\bmode\b|\blimit\b|\bdigest\b/i,
      );
    });
  }

  for (const [name, [what, user, until]] of Object.entries(ANSWERS)) {
    it(`${name}: says in 20 lines what, where, until when, and what if not`, () => {
      const { text = '', subject = '' } = MAILS.find((mail) => mail.name === name) ?? {};
      const first = text.split('\n').slice(0, 20).join(' ').replaceAll(/\s+/g, ' ');
      expect(first).to.contain(what);
      expect(first).to.contain('111122223333').and.to.contain(user).and.to.contain('AKIAIOSFODNN7EXAMPLE');
      expect(first).to.contain(until);
      expect(first).to.match(CONSEQUENCE);
      const date = /\d{4}-\d\d-\d\d/.exec(until)?.[0] ?? '';
      expect(subject).to.contain(date).and.to.contain('(111122223333)');
    });
  }
});
