import { Refusal } from '../domain/refusal.ts';
import { refusalOf } from './errors.ts';

/** The refusal of a call that sent a secret: services may repeat a value they refuse. */
export function withoutSecret(
  error: unknown,
  secret: string,
  during: string,
  special?: Parameters<typeof refusalOf>[2],
): Refusal {
  const { failure } = refusalOf(error, during, special);
  // The query protocol sends it encoded.
  const message = [secret, encodeURIComponent(secret)].reduce(
    (text, form) => text.replaceAll(form, '[secret]'),
    failure.message,
  );
  return new Refusal({ ...failure, message });
}
