import {
  CreateEventBusCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { Fault } from '../support/emulator/emulator.ts';
import { assume, clientsFor, FIRST_MEMBER, MEMBER_ROLE, NOW, refusalOf, type Clients } from './clients.ts';

const KB = 1024;
const entry = (rest: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  Source: 'rotation',
  DetailType: 'Access Key Replaced',
  Detail: '{"n":1}',
  ...rest,
});
const entries = (count: number) =>
  Array.from({ length: count }, (_, i) => entry({ Detail: JSON.stringify({ n: i + 1 }) }));
/** So many bytes count, whatever they are in. */
const ofBytes = (bytes: number, rest: PutEventsRequestEntry = {}, letter = 'x') => {
  const others = 'rotation'.length + 'Access Key Replaced'.length + '{"t":""}'.length;
  const length = (bytes - others) / Buffer.byteLength(letter);
  return entry({ Detail: JSON.stringify({ t: letter.repeat(length) }), ...rest });
};

const REFUSED = 'ValidationException';
const SIZES: readonly (readonly [string, readonly PutEventsRequestEntry[], string])[] = [
  ['ten entries', entries(10), 'accepted'],
  ['eleven entries', entries(11), REFUSED],
  ['no entries', [], REFUSED],
  ['256 KB', [ofBytes(256 * KB)], 'accepted'],
  ['more than 256 KB', [ofBytes(256 * KB + 1)], REFUSED],
  ['more than 256 KB together', [ofBytes(128 * KB), ofBytes(128 * KB + 1)], REFUSED],
  ['256 KB and a time', [ofBytes(256 * KB, { Time: new Date(NOW) })], REFUSED],
  ['256 KB and a resource', [ofBytes(256 * KB, { Resources: ['r'] })], REFUSED],
  ['more than 256 KB in fewer characters', [ofBytes(256 * KB + 1, {}, 'ü')], REFUSED],
];

const INVALID = [
  ['no source', { Source: '' }, 'InvalidArgument'],
  ['no type', { DetailType: '' }, 'InvalidArgument'],
  ['a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
] as const;

describe('emulator: events', () => {
  const emulator = emulatorForThisFile();
  let app: Clients;

  beforeEach(async () => {
    const { credentials } = await emulator().seed({ accounts: [{ name: 'app', users: [] }] });
    app = await assume(emulator(), clientsFor(emulator(), credentials), MEMBER_ROLE);
  });

  const put = (...Entries: readonly PutEventsRequestEntry[]) =>
    app.events.send(new PutEventsCommand({ Entries: [...Entries] }));
  const numbers = async () => (await emulator().events()).map(({ detail }) => detail['n']);
  const answerTo = async (...sent: readonly PutEventsRequestEntry[]) => {
    const { FailedEntryCount, Entries = [] } = await put(...sent);
    return [FailedEntryCount, ...Entries.map(({ EventId, ErrorCode }) => ErrorCode ?? typeof EventId)];
  };

  it('are recorded completely, in order', async () => {
    await put(
      entry({ Detail: '{"key":{"id":"AKIA1"}}', Resources: ['arn:a', 'arn:b'], Time: new Date(NOW + 250) }),
      entry({ DetailType: 'Account Unreachable', Detail: '{}', EventBusName: 'default' }),
    );
    const common = { accountId: FIRST_MEMBER, source: 'rotation' };
    expect(await emulator().events()).to.deep.equal([
      {
        ...common,
        detailType: 'Access Key Replaced',
        detail: { key: { id: 'AKIA1' } },
        resources: ['arn:a', 'arn:b'],
        time: NOW + 250,
      },
      { ...common, detailType: 'Account Unreachable', detail: {}, resources: [] },
    ]);
    await emulator().forgetEvents();
    expect(await emulator().events()).to.deep.equal([]);
  });

  for (const [title, sent, expected] of SIZES) {
    it(`${title}: ${expected === 'accepted' ? 'put' : 'refused'}`, async () => {
      expect(await refusalOf(put(...sent))).to.equal(expected);
      expect(await emulator().events()).to.have.length(expected === 'accepted' ? sent.length : 0);
    });
  }

  for (const [title, wrong, code] of INVALID) {
    it(`one of ${title} is answered so, and the others are put`, async () => {
      const [first, third] = entries(2) as [PutEventsRequestEntry, PutEventsRequestEntry];
      expect(await answerTo(first, entry(wrong), third)).to.deep.equal([1, 'string', code, 'string']);
      expect(await numbers()).to.deep.equal([1, 2]);
    });
  }

  it('of another bus are not kept', async () => {
    await app.events.send(new CreateEventBusCommand({ Name: 'ours' }));
    await put(entry({ EventBusName: 'ours' }));
    expect(await emulator().events()).to.deep.equal([]);
  });

  it('fail one by one when a fault wants it: the first of a call', async () => {
    await emulator().inject({ action: 'events:PutEvents', kind: 'partial', times: 1 });
    expect(await answerTo(...entries(3))).to.deep.equal([1, 'ThrottlingException', 'string', 'string']);
    expect(await numbers()).to.deep.equal([2, 3]);
    expect(await answerTo(entry())).to.deep.equal([0, 'string']);
    expect(await numbers()).to.deep.equal([2, 3, 1]);
    expect((await emulator().calls()).slice(1).map(({ action, faulted }) => [action, faulted])).to.deep.equal(
      [
        ['events:PutEvents', true],
        ['events:PutEvents', undefined],
      ],
    );
  });

  it('fail every time when the fault has no end, in a call of one too', async () => {
    await emulator().inject({ action: 'events:PutEvents', kind: 'partial' });
    for (const _ of ['first', 'second']) {
      expect(await answerTo(entry())).to.deep.equal([1, 'ThrottlingException']);
    }
    expect(await emulator().events()).to.deep.equal([]);
  });

  it('are still refused when there are too many, whatever a fault wants', async () => {
    await emulator().inject({ action: 'events:PutEvents', kind: 'partial' });
    expect(await refusalOf(put(...entries(11)))).to.equal(REFUSED);
  });

  for (const action of ['iam:CreateAccessKey', 'events:*'] as const) {
    it(`are the only ones to fail partially, not ${action}`, async () => {
      const fault: Fault = { action, kind: 'partial' };
      expect(await refusalOf(emulator().inject(fault))).to.equal('Error');
    });
  }

  for (const [bus, expected] of [
    ['default', 'accepted'],
    ['other', 'AccessDeniedException'],
  ] as const) {
    it(`put by a role that may put on the bus ${bus}: ${expected}`, async () => {
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: `arn:aws:events:eu-central-1:*:event-bus/${bus}`,
          },
        ],
      };
      const { credentials } = await emulator().seed({ accounts: [], service: { policy } });
      app = clientsFor(emulator(), credentials);
      expect(await refusalOf(put(entry()))).to.equal(expected);
    });
  }

  it('are forgotten by a reset', async () => {
    await put(entry());
    await emulator().reset();
    expect(await emulator().events()).to.deep.equal([]);
  });
});
