import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ROOT } from '../../scripts/third-party.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
type Permissions = string | Readonly<Record<string, string>>;
interface Job {
  readonly permissions?: Permissions;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Only these, and at one version each: everything else is a command that can be read. */
const KNOWN_ACTIONS = [
  'actions/checkout',
  'actions/setup-node',
  'actions/upload-artifact',
  'aws-actions/configure-aws-credentials',
];

/** What a job may do on GitHub beyond reading the repository. */
const MORE_THAN_READING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'release.yml release': { contents: 'write' },
  'release.yml deploy': { contents: 'read', 'id-token': 'write' },
};

const files = globSync('.github/workflows/*', { cwd: ROOT }).sort();
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const workflow = (file: string): Workflow => parse(text(file)) as Workflow;
const stepsOf = (file: string): readonly Step[] =>
  Object.values(workflow(file).jobs).flatMap(({ steps }) => steps);

describe('the workflows of GitHub', () => {
  it('are those that test, package and release', () => {
    expect(files.map((file) => basename(file))).to.deep.equal([
      'package.yml',
      'release.yml',
      'reliability.yml',
      'test.yml',
    ]);
  });

  it('test with what tests everywhere', () => {
    for (const name of ['test.yml', 'release.yml']) {
      expect(
        stepsOf(`.github/workflows/${name}`).map(({ run }) => run),
        name,
      ).to.include('.ci/run');
    }
  });

  it('release the one file of the command credentials, with its hash', () => {
    const runs = stepsOf('.github/workflows/release.yml').map(({ run = '' }) => run);
    const packaging = runs.find((run) => run.includes('sha256sum -- *')) ?? '';
    const copied = packaging.indexOf('npm run build && cp dist/credentials.mjs package/');
    expect(copied).to.be.within(0, packaging.indexOf('sha256sum -- *'));
  });

  it('use each action at one commit only', () => {
    const used = new Set(files.flatMap(stepsOf).flatMap(({ uses }) => (uses === undefined ? [] : [uses])));
    expect([...used].map((uses) => uses.split('@')[0]).sort()).to.deep.equal(KNOWN_ACTIONS);
  });

  for (const file of files) {
    describe(basename(file), () => {
      it('pins every action to a whole commit, and says which version that is', () => {
        const lines = text(file)
          .split('\n')
          .filter((line) => /\buses:/.test(line));
        expect(lines).to.have.length(stepsOf(file).filter(({ uses }) => uses !== undefined).length);
        for (const line of lines) {
          expect(line).to.match(/^ +- uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        }
      });

      it('gives a job no permission it has not asked for, and none that is not needed', () => {
        const { permissions, jobs } = workflow(file);
        expect(permissions).to.deep.equal({});
        for (const [name, job] of Object.entries(jobs)) {
          const wanted = MORE_THAN_READING[`${basename(file)} ${name}`] ?? { contents: 'read' };
          expect(job.permissions, name).to.deep.equal(wanted);
          expect(job['timeout-minutes'], name).to.be.a('number');
        }
      });

      it('knows no key of AWS, and no secret at all but the token of the run', () => {
        expect(text(file)).not.to.match(/AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)/i);
        expect(text(file)).not.to.match(/aws-(access-key-id|secret-access-key|session-token)/i);
        expect(text(file)).not.to.match(/\bsecrets\b\s*(\.|\[|:)/);
      });

      it('is not started by strangers with the rights of this repository', () => {
        expect(Object.keys(workflow(file).on)).not.to.include.members(['pull_request_target']);
        expect(Object.keys(workflow(file).on)).not.to.include.members(['workflow_run']);
      });

      it('puts nothing into a command that others may have written', () => {
        for (const { run = '' } of stepsOf(file)) expect(run).not.to.include('${{');
      });

      it('installs what is locked, keeps no credentials of GitHub and takes no cache', () => {
        for (const job of Object.values(workflow(file).jobs)) {
          expect(job.steps.map(({ run }) => run)).to.include('npm ci');
          const option = (action: string, name: string) =>
            job.steps.find(({ uses }) => uses?.startsWith(`${action}@`))?.with?.[name];
          expect(option('actions/checkout', 'persist-credentials')).to.equal(false);
          expect(option('actions/setup-node', 'package-manager-cache')).to.equal(false);
        }
      });
    });
  }

  it('enter AWS by OIDC, in one job, with an environment that can ask for an approval', () => {
    const entering = files.flatMap((file) =>
      Object.entries(workflow(file).jobs).filter(([, { steps }]) =>
        steps.some(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@')),
      ),
    );
    expect(entering.map(([name]) => name)).to.deep.equal(['deploy']);
    const [, job] = entering[0]!;
    expect(job.environment).to.equal('production');
    const index = job.steps.findIndex(({ uses }) => uses?.startsWith('aws-actions/'));
    expect(job.steps[index]?.with?.['role-to-assume']).to.equal('${{ vars.AWS_DEPLOY_ROLE_ARN }}');
    // A script of a package that is being installed finds no credentials to take.
    expect(job.steps.findIndex(({ run }) => run === 'npm ci')).to.be.below(index);
  });
});
