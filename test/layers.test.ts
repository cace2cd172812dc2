import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { cruise, type ICruiseOptions, type IFlattenedRuleSet } from 'dependency-cruiser';

/** A file, what it imports against a rule, and the rule. */
const FORBIDDEN: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['src/domain/imports-run.ts', 'src/run/target.ts', 'domain-imports-domain'],
  ['src/domain/imports-node.ts', 'node:fs', 'domain-imports-no-runtime'],
  ['src/domain/imports-zod.ts', 'zod', 'domain-imports-no-runtime'],
  ['src/report/imports-run.ts', 'src/run/target.ts', 'report-imports-domain'],
  ['src/run/imports-aws.ts', 'src/aws/target.ts', 'run-imports-domain'],
  ['src/run/imports-report.ts', 'src/report/target.ts', 'run-imports-domain'],
  ['src/aws/imports-run.ts', 'src/run/target.ts', 'aws-imports-domain-and-ports'],
  ['src/config/imports-aws.ts', 'src/aws/target.ts', 'config-imports-domain'],
  ['src/compose/imports-cli.ts', 'src/cli/target.ts', 'compose-imports-all-but-cli'],
  ['src/cli/imports-aws.ts', 'src/aws/target.ts', 'cli-imports-all-but-aws'],
  ['src/run/imports-sdk.ts', '@aws-sdk/client-iam', 'only-aws-knows-the-sdk'],
];

/** The same for imports that no rule is against. */
const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['src/domain/imports-domain.ts', 'src/domain/target.ts'],
  ['src/domain/imports-arn-parser.ts', '@aws-sdk/util-arn-parser'],
  ['src/report/imports-domain.ts', 'src/domain/target.ts'],
  ['src/run/imports-domain.ts', 'src/domain/target.ts'],
  ['src/aws/imports-ports.ts', 'src/run/ports/target.ts'],
  ['src/aws/imports-sdk.ts', '@aws-sdk/client-iam'],
  ['src/config/imports-domain.ts', 'src/domain/target.ts'],
  ['src/compose/imports-aws.ts', 'src/aws/target.ts'],
  ['src/cli/imports-compose.ts', 'src/compose/target.ts'],
];

/** Two files that import each other: one of them is named for both. */
const CYCLE = [
  ['src/domain/cycle-a.ts', 'src/domain/cycle-b.ts'],
  ['src/domain/cycle-b.ts', 'src/domain/cycle-a.ts'],
] as const;

const PACKAGES = ['zod', '@aws-sdk/client-iam', '@aws-sdk/util-arn-parser'];

describe('the layers', function () {
  let root: string;
  let brokenBy: ReadonlyMap<string, readonly string[]>;

  before(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'layers-')));
    for (const [path, text] of filesOfTree()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    brokenBy = await violationsIn(root);
  });

  after(() => rmSync(root, { recursive: true }));

  for (const [file, imported, rule] of FORBIDDEN) {
    it(`forbid ${dirname(file)} to import ${imported}: ${rule}`, () => {
      expect(brokenBy.get(file)).to.include(rule);
    });
  }

  it('forbid files to import each other: no-cycles', () => {
    const found = CYCLE.flatMap(([file]) => brokenBy.get(file) ?? []);
    expect(found).to.deep.equal(['no-cycles']);
  });

  for (const [file, imported] of ALLOWED) {
    it(`let ${dirname(file)} import ${imported}`, () => {
      expect(brokenBy.get(file) ?? []).to.deep.equal([]);
    });
  }
});

/** Each file with its one import, what they import, and packages that can be found. */
function filesOfTree(): ReadonlyMap<string, string> {
  const imports = [...FORBIDDEN, ...ALLOWED, ...CYCLE];
  const targets = imports.flatMap(([, imported]) => (imported.startsWith('src/') ? [imported] : []));
  return new Map([
    ...targets.map((path) => [path, 'export {};\n'] as const),
    ...imports.map(([path, imported]) => [path, `import '${specifierFrom(path, imported)}';\n`] as const),
    ...PACKAGES.flatMap((name) => [
      [
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      ] as const,
      [`node_modules/${name}/index.js`, ''] as const,
    ]),
    [
      'package.json',
      JSON.stringify({ dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])) }),
    ],
  ]);
}

const specifierFrom = (path: string, imported: string): string =>
  imported.startsWith('src/') ? `${'../'.repeat(path.split('/').length - 1)}${imported}` : imported;

/** The names of the rules that each file breaks, by its path. One run for all files, since each takes a second. */
async function violationsIn(baseDir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { forbidden, options } = JSON.parse(readFileSync('.dependency-cruiser.json', 'utf8')) as {
    readonly forbidden: NonNullable<IFlattenedRuleSet['forbidden']>;
    readonly options: ICruiseOptions;
  };
  const { tsConfig: _, ...rest } = options; // the tree has none
  const { output } = await cruise(['src'], { ...rest, baseDir, validate: true, ruleSet: { forbidden } });
  if (typeof output === 'string') throw new Error(output);
  const found = new Map<string, string[]>();
  for (const { from, rule } of output.summary.violations) {
    found.set(from, [...(found.get(from) ?? []), rule.name]);
  }
  return found;
}
