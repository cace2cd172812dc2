import { expect } from 'chai';
import fc from 'fast-check';
import type { Action } from '../../../src/domain/rotation/decision.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days } from '../../../src/domain/time.ts';
import { fitToSize, MOST_BYTES, sizeInEnvelope } from '../../../src/report/message/fit-to-size.ts';
import { NEVER_SHOWN, type Block } from '../../../src/report/message/block.ts';
import { MOST_UPCOMING } from '../../../src/report/digest/upcoming.ts';
import { applied, decision, failed, failure, gap, held, key, T0, untouched } from '../../support/builders.ts';
import { digest, headings, jsonOf, replaced, sectionOf, unusedNotice, unwrapped } from '../support.ts';

/** What SNS takes, and what an adapter publishes. */
const SNS_LIMIT = 262_144;
const published = ({ text, json, subject }: { text: string; json: string; subject: string }) =>
  Buffer.byteLength(JSON.stringify({ default: json, email: text, sms: subject }));

/** So many outcomes, each about a user and a key of its own. */
const many = (count: number, kind: string, outcome: (userName: string, id: string) => Outcome) =>
  Array.from({ length: count }, (_, index) =>
    outcome(`${kind}-user-${index}`, `AKIA${kind.toUpperCase()}${index}X`),
  );

const about = (action: Action) => (userName: string, id: string) =>
  decision(action, { userName, key: key({ id }) });
const notices = (count: number) =>
  many(count, 'notice', (userName, id) => untouched(unusedNotice(userName, { id })));
const replacements = (count: number) =>
  many(count, 'replaced', (userName, id) => replaced(about('replace')(userName, id)));
const blocked = (count: number) => many(count, 'blocked', (...of) => untouched(about('blocked')(...of)));
const failures = (count: number) => many(count, 'failed', (...of) => failed(about('replace')(...of)));
const deactivations = (count: number) =>
  many(count, 'deactivated', (...of) => applied(about('deactivate')(...of)));
const holds = (count: number) => many(count, 'held', (...of) => held(about('replace')(...of)));
const upcoming = (count: number) =>
  many(count, 'upcoming', (userName, id) =>
    untouched(decision('keep', { userName, key: key({ id }), dueAt: T0 + days(1) })),
  );

/** How many each `... and n more` of a text says are missing. */
const saidMissing = (text: string) =>
  [...text.matchAll(/^\.\.\. and ([\d,]+) more; see access-key-rotation status/gm)].map(([, count]) =>
    Number((count ?? '').replaceAll(',', '')),
  );
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('a digest that is too long', () => {
  const amount = fc.integer({ min: 0, max: 400 });

  it('fits, says how many things it lacks, and announces only what it holds', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, amount, amount, (...counts) => {
        const [b, f, r, d, n, u, h] = counts;
        const outcomes = [
          ...blocked(b),
          ...failures(f),
          ...replacements(r),
          ...deactivations(d),
          ...notices(n),
          ...upcoming(u),
          ...holds(h),
          untouched(unusedNotice()),
        ];
        const found = digest({ outcomes });
        const json = jsonOf(found);
        expect(published(found)).to.be.lessThan(SNS_LIMIT);
        expect(json.entries.length + json.cut).to.equal(outcomes.length);
        expect(sum(saidMissing(found.text))).to.equal(json.cut);
        for (const id of found.announces) expect(found.text).to.contain(id);
        const announced = json.entries.filter(
          ({ section, reason, action }) =>
            (section === 'done' && action === 'replace') ||
            (section === 'will-happen' && reason === 'unused-notice'),
        );
        expect([...found.announces]).to.have.members(announced.map(({ accessKeyId }) => accessKeyId ?? ''));
      }),
      { numRuns: 8 },
    );
  });

  it('says in its heading and its headline how many there were', () => {
    const found = digest({ outcomes: replacements(2_500) });
    expect(headings(found)).to.deep.equal(['ASKED OF YOU (2,500)']);
    expect(unwrapped(found)).to.contain('2,500 keys were replaced.');
    expect(jsonOf(found).counts).to.include({ replaced: 2_500 });
    expect(found.announces.size).to.equal(2_500 - jsonOf(found).cut);
  });

  it('is filled, not merely shortened', () => {
    expect(sizeInEnvelope(digest({ outcomes: replacements(1_000) }))).to.be.within(
      MOST_BYTES - 2_000,
      MOST_BYTES,
    );
  });

  it('loses what is held back before notices and new keys, and keeps what failed', () => {
    const found = digest({
      outcomes: [...failures(150), ...replacements(60), ...notices(60), ...holds(2_000)],
    });
    const shown = jsonOf(found).entries;
    const count = (section: string) => shown.filter((entry) => entry.section === section).length;
    expect(count('done')).to.equal(60);
    expect(count('will-happen')).to.equal(60);
    expect(count('failed')).to.equal(150);
    expect(count('held-back')).to.be.within(1, 1_999);
  });

  it('loses everything else before anything that failed or needs a person, in text and JSON', () => {
    const found = digest({
      outcomes: [...replacements(1_000), ...notices(1_000), ...holds(1_000), ...blocked(60), ...failures(60)],
    });
    const shown = jsonOf(found).entries;
    const count = (section: string) => shown.filter((entry) => entry.section === section).length;
    expect([count('needs-a-person'), count('failed'), count('held-back')]).to.deep.equal([60, 60, 0]);
    expect(count('done')).to.be.within(1, 999);
    expect(sectionOf(found, 'FAILED')).not.to.include('... and');
  });

  it('says where all of it is to be found', () => {
    const found = digest({ outcomes: replacements(2_500) });
    const { seeAll = '' } = jsonOf(found);
    expect(seeAll).to.match(
      /^see access-key-rotation status --account \d{12} .+ history --account \d{12} .+ the log of run /,
    );
    expect(found.text.replaceAll(/\s+/g, ' ')).to.include(`more; ${seeAll}.`);
    expect(jsonOf(digest({ outcomes: replacements(1) }))).not.to.have.property('seeAll');
  });

  it('loses the end of a section, never its middle', () => {
    const shown = jsonOf(digest({ outcomes: replacements(2_000) })).entries.map(({ userName }) => userName);
    expect(shown).to.deep.equal(Array.from({ length: shown.length }, (_, index) => `replaced-user-${index}`));
  });

  it('counts keys, also where two of them share a block', () => {
    const outcomes = blocked(500).flatMap((one) => [
      one,
      untouched({ ...one.decision, key: key({ id: `${one.decision.key.id}2` }) }),
    ]);
    const found = digest({ outcomes });
    const { entries, cut } = jsonOf(found);
    expect(cut).to.be.greaterThan(0);
    expect(entries.length + cut).to.equal(1_000);
    expect(saidMissing(found.text)).to.deep.equal([cut]);
  });

  it('fits whatever single things are made of', () => {
    const endless = '"\\\u0001 é😀'.repeat(50_000);
    const found = digest({
      outcomes: [
        failed(
          decision('replace', { userName: endless, message: endless }),
          failure({ message: endless, nextStep: endless }),
        ),
      ],
      gaps: [gap(endless)],
      findings: [{ severity: 'critical', message: endless }],
    });
    expect(published(found)).to.be.lessThan(SNS_LIMIT);
    expect(jsonOf(found).cut).to.equal(0);
  });
});

describe('what falls due soon in a large account', () => {
  it(`is listed up to ${MOST_UPCOMING} keys, and counted beyond`, () => {
    const found = digest({ outcomes: [...upcoming(MOST_UPCOMING + 70), ...notices(90)] });
    expect(found.text.match(/^- 2026-03-02/gm)).to.have.length(MOST_UPCOMING);
    expect(saidMissing(found.text)).to.deep.equal([70]);
    expect(jsonOf(found).cut).to.equal(70);
    expect(found.announces.size).to.equal(90);
  });
});

describe('cutting', () => {
  const block = (rank: number, letter: string): Block => ({
    rank,
    lines: [letter.repeat(100_000)],
    entries: [],
  });
  const write = (kept: ReadonlySet<Block>) => ({
    text: [...kept].flatMap(({ lines }) => lines).join(''),
    json: '',
  });

  it('keeps all that fits, and what ranks first of what does not', () => {
    const [a, b, c, never] = [block(2, 'a'), block(0, 'b'), block(1, 'c'), block(NEVER_SHOWN, 'd')];
    expect([...fitToSize([a, b], write).kept]).to.have.members([a, b]);
    expect([...fitToSize([a, b, c, never], write).kept]).to.have.members([b, c]);
    expect([...fitToSize([never], write).kept]).to.deep.equal([]);
  });

  it('keeps nothing rather than too much', () => {
    const huge: Block = { rank: 0, lines: ['x'.repeat(MOST_BYTES)], entries: [] };
    expect(fitToSize([huge], write).kept.size).to.equal(0);
  });
});
