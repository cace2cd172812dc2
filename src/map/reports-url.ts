import { InputError } from '../domain/errors.ts';

/** The bucket of the deployment. @throws InputError when it isn't set */
export function reportsUrl(environment = process.env): string {
  const url = environment['REPORTS_URL'] ?? '';
  if (/^https?:\/\/\S+$/.test(url)) return url;
  throw new InputError(['REPORTS_URL: must be the URL of the bucket for the reports of accounts']);
}
