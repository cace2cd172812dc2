import { InputError } from '../domain/errors.ts';

/** Set by the deployment; no setting of a run, so it isn't called like one. */
const NAME = 'REPORTS_URL';

type Environment = Readonly<Record<string, string | undefined>>;

/** The bucket of the deployment. @throws InputError when it isn't the URL of one */
export function reportsUrlIn(environment: Environment): string | undefined {
  const url = environment[NAME]?.trim() ?? '';
  if (url === '') return undefined;
  if (/^https?:\/\/[\w.:-]+(\/[\w.-]+)?\/?$/.test(url)) return url;
  throw new InputError([
    `${NAME}: must be the URL of the bucket for reports, like https://name.s3.eu-central-1.amazonaws.com`,
  ]);
}

/** The same for what can't go on without. @throws InputError when it isn't set, too */
export function reportsUrl(environment: Environment): string {
  const url = reportsUrlIn(environment);
  if (url === undefined) throw new InputError([`${NAME}: must be the URL of the bucket for reports`]);
  return url;
}
