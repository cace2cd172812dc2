import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EVENT_SOURCE, EVENT_TYPES } from '../../../src/domain/report/event.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
import {
  applied,
  decision,
  failed,
  key,
  partial,
  rotatedAccount,
  T0,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { unusedNotice } from '../support.ts';

const text = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');

/** The first cells of the table under a heading. */
const namesUnder = (heading: string): readonly string[] => {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `([^`]+)` /gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'detail-type');
};

const replacement = { accessKeyId: 'AKIANEW', secretName: 'name', secretArn: 'arn', sesRegion: 'eu-west-1' };
const owned = {
  owner: 'team',
  dueAt: T0,
  noticeWhenDone: { about: 'replaced', date: T0, inAnyCase: T0 },
} as const;
const EVERY_EVENT = [
  rotatedAccount({
    outcomes: [
      applied(decision('replace', owned), replacement),
      applied(decision('deactivate')),
      applied(decision('delete')),
      applied(decision('restore')),
      untouched(unusedNotice()),
      untouched(
        decision('wait', {
          key: key({ usedBy: { service: 's3', region: 'eu-central-1' } }),
          adoption: { replacementId: 'AKIANEW', state: 'adopted' },
          notice: { about: 'deadline', date: T0 },
        }),
      ),
      untouched(decision('wait', { notice: { about: 'delete', date: T0 } })),
      failed(decision('replace')),
      partial(decision('replace'), 'AKIALEFT'),
    ],
  }),
  unreachable(),
].flatMap((report) => eventsOf(report, { runId: 'run-1', mode: 'enforce', now: T0 }));

describe('docs/events.md', () => {
  it('names every type of event there is', () => {
    expect(namesUnder('What each event means')).to.have.members(EVENT_TYPES);
    expect(new Set(EVERY_EVENT.map(({ type }) => type))).to.have.all.keys(...EVENT_TYPES);
  });

  it('names every field that an event can have, and no other', () => {
    const fields = new Set(EVERY_EVENT.flatMap(({ detail }) => Object.keys(detail)));
    expect(namesUnder('Fields of `detail`')).to.have.members([...fields]);
  });

  it('says which fields are always there', () => {
    const always = [...text.matchAll(/^\| `(\w+)` .*\| always +\|$/gm)].map(([, name]) => name ?? '');
    for (const { detail } of EVERY_EVENT) expect(detail).to.include.all.keys(...always);
  });

  it('has an example with the source that a rule looks for', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    const { source, 'detail-type': type, detail } = JSON.parse(example) as Record<string, unknown>;
    expect(source).to.equal(EVENT_SOURCE);
    expect(type).to.be.oneOf([...EVENT_TYPES]);
    const found = EVERY_EVENT.find((event) => event.type === type)?.detail ?? {};
    expect(found).to.include.all.keys(...Object.keys(detail as object));
  });
});
