import { expect } from 'chai';
import fc from 'fast-check';
import { exampleMails } from '../../../scripts/example-mails.ts';
import type { RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { markdown } from '../../../src/report/common/markdown.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import { ownerMessagesOf } from '../../../src/report/digest/owner-messages.ts';
import { MOST_BYTES } from '../../../src/report/message/fit-to-size.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import {
  account,
  applied,
  decision,
  key,
  rotatedAccount,
  runReport,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { anyText, HOSTILE } from '../../support/hostile.ts';
import { context, replaced, unusedNotice } from '../support.ts';

interface Chat {
  readonly version: string;
  readonly source: string;
  readonly content: {
    readonly textType: string;
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const parsed = (message: { readonly chat?: string } | undefined): Chat =>
  JSON.parse(message?.chat ?? 'null') as Chat;
const digest = (facts: Partial<RotatedAccount>) => digestOf(rotatedAccount(facts), context());

/** What the documentation says, and what a room can take in. */
function checkForm(message: { readonly chat?: string } | undefined): void {
  const { version, source, content, metadata, ...more } = parsed(message);
  expect([version, source, more]).to.deep.equal(['1.0', 'custom', {}]);
  expect(content).to.have.all.keys(
    ...[
      'textType',
      'title',
      'description',
      'keywords',
      ...(content.nextSteps === undefined ? [] : ['nextSteps']),
    ],
  );
  expect(content.textType).to.equal('client-markdown');
  expect(content.title).to.have.lengthOf.within(1, 250);
  expect(content.description).to.have.lengthOf.within(1, 8_000);
  for (const step of content.nextSteps ?? []) expect(step).to.have.lengthOf.within(1, 300);
  expect((content.nextSteps ?? []).length).to.be.at.most(5);
  expect(metadata).to.have.all.keys(
    'threadId',
    'summary',
    'eventType',
    'relatedResources',
    'additionalContext',
  );
  expect(metadata.eventType).to.match(/^[a-zA-Z0-9-]{1,100}$/);
  for (const value of Object.values(metadata.additionalContext))
    expect(value).to.match(/^[\x21-\x7f]{1,1024}$/);
}

/** What isn't in a code span. */
const outsideCode = (text: string): string => text.replaceAll(/`[^`]*`/g, '');
/** Bold type, links, mentions, emoji, headings and tables of either room, and domains that become links. */
const MEANS_SOMETHING = /[*_~`[\]<>|\\#@]|:\w+:|\/\/|\w\.\w/u;

describe('a message for chat rooms', () => {
  it('says in the title by when, in steps what, and in the description what happens otherwise', () => {
    const { content, metadata } = parsed(
      digest({ outcomes: [replaced(decision('replace')), untouched({ ...unusedNotice('bob') })] }),
    );
    expect(content.title).to.match(/^Act by 2026-03-11: use 1 new key, 1 unused key in /);
    expect(content.nextSteps).to.have.length(2);
    expect(content.nextSteps?.[0]).to.match(/^By 2026-03-11, bob: use AKIA\w+, or let it go$/);
    expect(content.description).to.match(/^2 things are asked of you, the first by 2026-03-11\./);
    expect(content.description).to.match(/\n- If nothing is done: AKIA\w+ is deactivated from 2026-03-11 on/);
    expect(content.description).to.match(
      /\nAll of it: access-key-rotation status --account \d+ \(every key\), or the mail\.$/,
    );
    expect(metadata.eventType).to.equal('account-digest');
  });

  it('is there of owners, of the run, and of what could not be worked on', () => {
    const outcomes = [applied(decision('delete', { owner: 'team-a' }))];
    const found = [
      ...ownerMessagesOf(rotatedAccount({ outcomes }), context()),
      summaryOf(runReport(), {}),
      digestOf(unreachable() as never, context()),
    ];
    expect(found.map((one) => parsed(one).metadata.eventType)).to.deep.equal([
      'owner-digest',
      'organization-summary',
      'account-digest',
    ]);
    for (const one of found) checkForm(one);
  });

  it('of every example has the form', () => {
    for (const mail of exampleMails()) checkForm(mail);
  });

  it('asks in five steps at most, and says that there are more', () => {
    const outcomes = Array.from({ length: 400 }, (_, index) =>
      replaced(decision('replace', { userName: `user-${index}`, key: key({ id: `AKIA${index}` }) })),
    );
    const message = digest({ outcomes });
    checkForm(message);
    expect(parsed(message).content.nextSteps).to.have.length(5);
    expect(parsed(message).content.description).to.contain('\nThere is more to do: ');
  });

  it('fits what SNS takes, together with the other forms and the longest attributes', () => {
    for (const character of ['"', '<', '€']) {
      const text = character.repeat(600);
      const outcomes = Array.from({ length: 400 }, (_, index) =>
        replaced(
          decision('replace', {
            userName: `${text}${index}`,
            owner: `${index}${text}`,
            key: key({ id: `K${index}` }),
          }),
        ),
      );
      const message = digest({ outcomes, account: account({ name: text }) });
      if (message === undefined) throw new Error('it has something to say');
      checkForm(message);
      const { json, text: mail, chat, subject, attributes, lists } = message;
      const body = JSON.stringify({ default: json, email: mail, sms: subject, https: chat });
      expect(Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify({ attributes, lists }))).to.be.below(
        262_144,
      );
      expect(Buffer.byteLength(json)).to.be.below(MOST_BYTES);
    }
  }).timeout(60_000);

  for (const [text, expected] of [
    ['svc-ledger (owner: team-payments): put', 'svc-ledger (owner: team-payments): put'],
    ['By 2026-03-11, 1,234 keys.', 'By 2026-03-11, 1,234 keys.'],
    ['svc_ledger', '`svc_ledger`'],
    ['*all* of_it', '`*all*` `of_it`'],
    ['<!channel> <@U1|x> @here', '`&lt;!channel&gt;` `&lt;@U1|x&gt;` `@here`'],
    ['[x](http://evil.example)', '`[x](http://evil.example)`'],
    ['evil.example www.evil.example', '`evil.example` `www.evil.example`'],
    ['a`b` :smile: # x', "`a'b'` `:smile:` `#` x"],
    ['--account 1 - 2', '--account 1 `-` 2'],
  ] as const) {
    it(`writes ${text} so that it means nothing but itself`, () => {
      expect(markdown(text, 500)).to.equal(expected);
    });
  }

  it('cuts between words', () => {
    expect(markdown('one two three', 11)).to.equal('one two ...');
    expect(markdown('x'.repeat(50), 11)).to.equal('...');
  });

  const hostile = (text: string) => {
    const named = { userName: text, owner: text, message: text };
    const found = digest({
      account: account({ name: text }),
      outcomes: [
        replaced(decision('replace', named)),
        untouched({ ...unusedNotice(), ...named }),
        untouched(decision('blocked', { ...named, reason: 'two-keys-in-use' })),
      ],
    });
    checkForm(found);
    const { title, description, nextSteps = [] } = parsed(found).content;
    for (const part of [title, description, ...nextSteps]) {
      expect(outsideCode(part)).not.to.match(MEANS_SOMETHING);
    }
    expect(description.split('\n').length).to.be.at.most(7);
  };

  it('can not be given links, mentions or lines by names', () => {
    for (const text of [
      ...Object.values(HOSTILE),
      '<!channel>',
      '[a](http://b.example)',
      '`x` <http://b.example|a>',
      '* _x_ ~y~',
    ])
      hostile(text);
    fc.assert(fc.property(anyText, hostile), { numRuns: 50 });
  });
});
