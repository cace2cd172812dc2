/**
 * A plugin of osls: nothing is packaged with a parameter that nobody reads (osls takes any, and a mistyped one
 * is as good as none), or without one that nobody can choose for those who deploy.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../src/config/nearest.ts';

type Section = Readonly<Record<string, unknown>>;

/** What was given, and where. */
export interface GivenParameters {
  /** As typed: `mode=enforce`. */
  readonly typed: readonly string[];
  /** `params` of serverless.yml: a section for each stage, and `default`. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly stage: string;
}

/** What has no default, and how to get it. */
const REQUIRED: Readonly<Record<string, string>> = {
  externalId: 'draw one, once: openssl rand -hex 16',
  organizationId: 'ask for it: aws organizations describe-organization --query Organization.Id --output text',
};

/** All problems at once, each naming its parameter. @param known the parameters that somebody reads */
export function parameterProblems(
  { typed, sections, stage }: GivenParameters,
  known: readonly string[],
): readonly string[] {
  const byName = Object.fromEntries(typed.map((one) => [nameIn(one), one.slice(nameIn(one).length + 1)]));
  const isRead = (section: string) => section === 'default' || section === stage;
  const read = Object.entries(sections).filter(([section]) => isRead(section));
  const given: Section = { ...sectionIn(sections['default']), ...sectionIn(sections[stage]), ...byName };
  return [
    ...Object.keys(byName).flatMap((name) => unknown(name, `--param="${name}=..."`, known)),
    ...read.flatMap(([section, values]) =>
      Object.keys(sectionIn(values)).flatMap((name) => unknown(name, `params.${section}.${name}`, known)),
    ),
    ...Object.keys(sections)
      .filter((section) => !isRead(section))
      .map((section) => unreadSection(section, stage, known)),
    ...Object.entries(REQUIRED)
      .filter(([name]) => isBlank(given[name]))
      .map(([name, how]) => `${name} must be set, here and for the member roles: ${how}`),
  ];
}

const nameIn = (typed: string): string => typed.split('=')[0] ?? typed;
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
const sectionIn = (value: unknown): Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};

function unknown(name: string, where: string, known: readonly string[]): readonly string[] {
  if (known.includes(name)) return [];
  const near = nearest(name, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return [`${where}: nobody reads ${name}; ${hint}`];
}

function unreadSection(section: string, stage: string, known: readonly string[]): string {
  const where = known.includes(section)
    ? 'it belongs below params.default'
    : `the stage is ${stage}, so there are params.default and params.${stage}`;
  return `params.${section}: nobody reads it; ${where}`;
}

/** The parameters that serverless.yml and the files it includes read. @param read gives a file's text */
export function parametersRead(file: string, read: (file: string) => string): readonly string[] {
  const text = read(file);
  const files = [...new Set([...text.matchAll(/\$\{file\(([^)]+)\)/g)].map(([, name = '']) => name))];
  const names = [text, ...files.map(read)].flatMap((one) =>
    [...one.matchAll(/\$\{param:\s*([\w.-]+)/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)].sort();
}

/** What a plugin sees of osls. */
interface Osls {
  readonly serviceDir: string;
  readonly configurationFilename?: string;
  readonly configurationInput?: { readonly params?: Readonly<Record<string, unknown>> | null };
  readonly processedInput: { readonly options: { readonly param?: readonly string[] } };
  getProvider(name: string): { getStage(): string };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
}

export default class DeploymentParameters {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(osls: Osls) {
    const check = () => checkParameters(osls);
    this.hooks = { 'before:package:cleanup': check, 'before:deploy:function:initialize': check };
  }
}

function checkParameters(osls: Osls): void {
  const { serviceDir, configurationFilename = 'serverless.yml' } = osls;
  const known = parametersRead(configurationFilename, (file) => readFileSync(join(serviceDir, file), 'utf8'));
  const problems = parameterProblems(
    {
      typed: osls.processedInput.options.param ?? [],
      sections: osls.configurationInput?.params ?? {},
      stage: osls.getProvider('aws').getStage(),
    },
    known,
  );
  if (problems.length === 0) return;
  const message = ['The parameters of this deployment are not right:', ...problems].join('\n- ');
  throw new osls.classes.Error(message, 'WRONG_PARAMETERS');
}
