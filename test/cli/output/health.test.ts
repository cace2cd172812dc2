import { expect } from 'chai';
import { formatHealth } from '../../../src/cli/output/health.ts';
import { widthOf } from '../../../src/cli/output/wrap-cells.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import type { Examination } from '../../../src/run/doctor/examination.ts';
import { account } from '../../support/builders.ts';
import {
  ACCOUNTS,
  doors,
  examination,
  inside,
  OWN,
  refuse,
  service,
} from '../../support/memory/examination.ts';

const COLOURS = /\u001b\[\d+m/g;
const TEAMS = Array.from({ length: 12 }, (_, index) =>
  account({ id: `1000000000${index + 10}`, name: `team-${index}` }),
);
const directory = { list: async () => ({ accounts: [...ACCOUNTS, ...TEAMS], ous: [] }) };
const refused = refuse('denied', 'sts:AssumeRole');
const noSimulation = inside({ simulate: refuse('denied', 'iam:SimulatePrincipalPolicy') });

const CASES: Readonly<Record<string, Partial<Examination>>> = {
  healthy: { access: doors({ enter: async () => noSimulation }) },
  'not entered': { access: doors({ enter: (id) => (id === OWN ? Promise.resolve(inside()) : refused()) }) },
  'not deployed': {
    access: doors({ enter: refused }),
    service: service({
      functionNamed: refuse('not-found', 'l'),
      scheduleNamed: refuse('not-found', 's'),
      table: refuse('not-found', 't'),
      topic: refuse('not-found', 'n'),
    }),
  },
  'not allowed': {
    access: doors({ enter: refused }),
    service: service({ functionNamed: refuse('denied', 'lambda:GetFunctionConfiguration') }),
  },
};

const shown = async (changes: Partial<Examination> = {}, columns?: number) =>
  formatHealth(await examine(examination({ directory, ...changes })), columns).replaceAll(COLOURS, '');
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

describe('what doctor found, in a terminal', () => {
  it('begins with whether all is well', async () => {
    expect(linesOf(await shown())[0]).to.match(/^Healthy: \d+ checks are right\.$/);
    expect(linesOf(await shown(CASES['healthy']))[0]).to.match(/^Healthy: .+, 1 thing not checked\.$/);
    expect(linesOf(await shown(CASES['not entered']))[0]).to.match(/^Not healthy: 1 thing is wrong, /);
  });

  it('ends with the one command to go on with', async () => {
    expect(linesOf(await shown()).at(-1)).to.equal('  access-key-rotation plan');
    expect(linesOf(await shown(CASES['not deployed'])).at(-1)).to.equal(
      '  npx serverless deploy --region eu-central-1',
    );
  });

  it('says once what is true of many accounts, and names five of them', async () => {
    const lines = linesOf(await shown(CASES['not entered']));
    expect(lines.filter((line) => line.includes('Account, enter'))).to.have.length(1);
    expect(lines.join('\n')).to.include('arn:aws:iam::<account id>:role/access-key-rotation');
    expect(lines.find((line) => line.startsWith('    In '))).to.match(
      /^ {4}In 13 accounts: app \(444455556666\), team-0 \(\d{12}\), .+team-3 \(\d{12}\) and 8 more \(--json names all\)$/,
    );
  });

  it('says once what one and the same command mends', async () => {
    const lines = linesOf(await shown(CASES['not deployed']));
    const deploy = lines.filter((line) => line.trim() === 'npx serverless deploy --region eu-central-1');
    expect(deploy).to.have.length(2); // beside what it mends, and at the end
  });

  it('says of what could not be checked which permission would let it be', async () => {
    const text = await shown(CASES['not allowed']);
    expect(text).to.include('Allow lambda:GetFunctionConfiguration to whoever runs doctor.');
    expect(await shown(CASES['healthy'])).to.include('allow iam:SimulatePrincipalPolicy to the member role');
  });

  for (const [name, changes] of Object.entries(CASES)) {
    for (const columns of [80, 50]) {
      it(`fits ${columns} columns where all is ${name}, but for commands, which stay whole`, async () => {
        const tooWide = linesOf(await shown(changes, columns)).filter((line) => widthOf(line) > columns);
        for (const line of tooWide) expect(line.trim()).to.match(/^(aws|npx|export) |^arn:\S+$/);
      });
    }

    it(`breaks no line in a pipe where all is ${name}`, async () => {
      const lines = linesOf(await shown(changes));
      expect(
        lines.filter((line) => /^ {4,}\S/.test(line) && !/^ {4}(In|To do:)|^ {6}(aws|npx) /.test(line)),
      ).to.deep.equal([]);
    });
  }

  it('keeps a command on one line, word by word', async () => {
    const wide = linesOf(await shown(CASES['not entered'])).at(-1);
    expect(linesOf(await shown(CASES['not entered'], 50)).at(-1)).to.equal(wide);
  });
});
