import { expect } from 'chai';
import { parameterProblems, parametersRead } from '../../scripts/deployment-parameters.ts';
import { packageService } from './packaged.ts';

const KNOWN = ['externalId', 'mode', 'notificationEmail', 'operatorsEmail', 'organizationId'];
const REQUIRED = { externalId: 'agreed-upon', organizationId: 'o-ab12cd34ef' };

const problems = (
  typed: readonly string[],
  sections: Readonly<Record<string, unknown>> = { default: REQUIRED },
) => parameterProblems({ typed, sections, stage: 'production' }, KNOWN);

describe('the parameters of a deployment', () => {
  for (const [title, typed, sections] of [
    ['in serverless.yml', [], { default: { ...REQUIRED, mode: 'enforce' } }],
    ['on the command line', ['externalId=a=b', 'organizationId=o-ab12cd34ef', 'mode=enforce'], {}],
    ['for the stage', [], { default: { ...REQUIRED, mode: '' }, production: { mode: 'audit' } }],
  ] as const) {
    it(`are right when somebody reads them: ${title}`, () =>
      expect(problems(typed, sections)).to.deep.equal([]));
  }

  for (const [title, typed, sections, expected] of [
    [
      'typed like another',
      ['operatorEmail=ops@example.com'],
      undefined,
      '--param="operatorEmail=...": nobody reads operatorEmail; did you mean operatorsEmail?',
    ],
    [
      'typed like none',
      ['colour=blue'],
      undefined,
      `--param="colour=...": nobody reads colour; there are ${KNOWN.join(', ')}`,
    ],
    [
      'in other letters',
      ['Mode=enforce'],
      undefined,
      '--param="Mode=...": nobody reads Mode; did you mean mode?',
    ],
    [
      'written in serverless.yml',
      [],
      { default: { ...REQUIRED, notificationMail: 'a@example.com' } },
      'params.default.notificationMail: nobody reads notificationMail; did you mean notificationEmail?',
    ],
    [
      'written for the stage',
      [],
      { default: REQUIRED, production: { mod: 'audit' } },
      'params.production.mod: nobody reads mod; did you mean mode?',
    ],
    [
      'written beside the sections',
      [],
      { default: REQUIRED, mode: 'enforce' },
      'params.mode: nobody reads it; it belongs below params.default',
    ],
    [
      'written for a stage that there is not',
      [],
      { default: REQUIRED, prod: { mode: 'enforce' } },
      'params.prod: nobody reads it; the stage is production, so there are params.default and params.production',
    ],
  ] as const) {
    it(`are wrong when nobody reads one: ${title}`, () =>
      expect(problems(typed, sections)).to.deep.equal([expected]));
  }

  for (const blank of [undefined, '', ' ', null]) {
    it(`are wrong without those that have no default: ${JSON.stringify(blank)}`, () => {
      const sections = { default: { externalId: blank, organizationId: blank } };
      expect(problems([], sections)).to.deep.equal([
        'externalId must be set, here and for the member roles: draw one, once: openssl rand -hex 16',
        'organizationId must be set, here and for the member roles: ask for it: aws organizations describe-organization --query Organization.Id --output text',
      ]);
    });
  }

  it('are those that serverless.yml and what it includes read', () => {
    const texts: Record<string, string> = {
      'serverless.yml': 'log: ${param:logRetention}\n- ${file(a.yml)}\n- ${file(a.yml):Resources.0}',
      'a.yml': "Default: ${param:mode, ''}",
    };
    expect(parametersRead('serverless.yml', (file) => texts[file] ?? '')).to.deep.equal([
      'logRetention',
      'mode',
    ]);
  });

  it('stop the packaging, in one message', async function () {
    this.timeout(60_000);
    const refusal = await packageService({
      operatorEmail: 'ops@example.com',
      externalId: undefined,
      organizationId: undefined,
    }).catch((error: unknown) => error);
    expect(refusal).to.be.an('error');
    const { stdout, stderr } = refusal as Error & { stdout: string; stderr: string };
    expect(stdout + stderr)
      .to.include('did you mean operatorsEmail?')
      .and.include('openssl rand -hex 16')
      .and.include('aws organizations describe-organization');
  });
});
