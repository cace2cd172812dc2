import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  isPermissive,
  LIST,
  nameOf,
  objections,
  productionPackages,
  render,
  ROOT,
} from '../../scripts/third-party.ts';

const run = promisify(execFile);

describe('the licences of what runs in production', () => {
  const packages = productionPackages();

  it('are all known, and none is copyleft', () => {
    expect(packages).to.have.length.above(20);
    expect(objections(packages)).to.deep.equal([]);
  });

  it('are listed as they are: else run node scripts/licenses.ts', () => {
    expect(readFileSync(LIST, 'utf8') === render(packages)).to.equal(true);
  });

  it('cover every dependency of package.json', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(packages.map(({ name }) => name)).to.include.members(Object.keys(dependencies));
  });

  it('are refused when a package says nothing, or something new', () => {
    const one = { name: 'x', version: '1.0.0', text: undefined };
    expect(objections([{ ...one, license: undefined }])).to.deep.equal([
      'x@1.0.0: no licence named is not a licence known to be permissive',
    ]);
    expect(objections([{ ...one, license: 'AGPL-3.0-only' }])).to.have.length(1);
    expect(objections([{ ...one, license: 'MIT' }])).to.deep.equal([]);
  });

  for (const [expression, verdict] of [
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['MPL-2.0', false],
    ['MIT OR GPL-3.0-only', true],
    ['(GPL-2.0-only OR MIT)', true],
    ['MIT AND GPL-3.0-only', false],
    ['(MIT AND ISC) OR GPL-3.0-only', true],
    ['MIT AND (GPL-3.0-only OR LGPL-3.0-only)', false],
    ['Apache-2.0 WITH LLVM-exception', false], // a person should look
    ['SEE LICENSE IN LICENSE.md', false],
    ['UNLICENSED', false],
    ['(MIT', false],
    ['', false],
    [undefined, false],
  ] as const) {
    it(`"${expression ?? 'nothing'}" ${verdict ? 'is' : 'is not'} permissive`, () => {
      expect(isPermissive(expression)).to.equal(verdict);
    });
  }
});

describe('the bill of materials', function () {
  it('names every package that runs in production, with its licence and its hash, and no other', async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'scripts/sbom.ts')], {
      maxBuffer: 10_000_000,
    });
    const bill = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly name: string } };
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly hashes?: readonly unknown[];
        readonly licenses?: readonly unknown[];
      }[];
    };
    expect(bill.bomFormat).to.equal('CycloneDX');
    expect(bill.metadata.component.name).to.equal('access-key-rotation');
    const names = bill.components.map(({ name, version }) => `${name}@${version}`);
    expect(names).to.have.members(productionPackages().map(nameOf));
    for (const { name, hashes = [], licenses = [] } of bill.components) {
      expect([hashes.length, licenses.length], name).to.deep.equal([1, 1]);
    }
  });
});
