import { OperationError } from '../../domain/errors.ts';
import { refusalOf } from '../client/errors.ts';

/** A piece of a secret that is shorter tells nothing, and may be a word by chance. */
const SHORTEST_PIECE = 6;

/**
 * The refusal of a call that sent a secret: services may repeat a value they refuse, as a whole or cut
 * somewhere.
 */
export function withoutSecret(
  error: unknown,
  secret: string,
  during: string,
  special?: Parameters<typeof refusalOf>[2],
): OperationError {
  const { failure } = refusalOf(error, during, special);
  // The query protocol sends it encoded.
  const message = withoutPieces(failure.message, [secret, encodeURIComponent(secret)]);
  return new OperationError({ ...failure, message });
}

function withoutPieces(text: string, forms: readonly string[]): string {
  let told = '';
  for (let from = 0; from < text.length;) {
    let end = from + SHORTEST_PIECE;
    const isPiece = () => end <= text.length && forms.some((form) => form.includes(text.slice(from, end)));
    if (isPiece()) {
      while (isPiece()) end++;
      told += '[secret]';
      from = end - 1;
    } else {
      told += text.charAt(from++);
    }
  }
  return told;
}
