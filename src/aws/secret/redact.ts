import { OperationError } from '../../domain/errors.ts';
import { operationErrorOf } from '../client/errors.ts';

/** A shorter piece of a secret reveals nothing, and may be a word by chance. */
const SHORTEST_PIECE = 6;

/**
 * The error of a call that sent a secret, without the secret: services may repeat a value they reject,
 * whole or cut off somewhere.
 * @param secret what must not be in the message, as it is or encoded for a form
 */
export function redact(
  error: unknown,
  secret: string,
  during: string,
  special?: Parameters<typeof operationErrorOf>[2],
): OperationError {
  const { failure } = operationErrorOf(error, during, special);
  // The query protocol sends it encoded.
  const message = redactPieces(failure.message, [secret, encodeURIComponent(secret)]);
  return new OperationError({ ...failure, message });
}

function redactPieces(text: string, forms: readonly string[]): string {
  let redacted = '';
  for (let from = 0; from < text.length;) {
    let end = from + SHORTEST_PIECE;
    const isPiece = () => end <= text.length && forms.some((form) => form.includes(text.slice(from, end)));
    if (isPiece()) {
      while (isPiece()) end++;
      redacted += '[secret]';
      from = end - 1;
    } else {
      redacted += text.charAt(from++);
    }
  }
  return redacted;
}
