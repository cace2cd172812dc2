import type { Failure } from '../../domain/errors.ts';
import { kindOf, operationErrorOf } from './errors.ts';

/** How AWS says that it doesn't take a key, as against what the key may do. */
const REFUSALS =
  /^(InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|ExpiredToken|InvalidAccessKeyId|IncompleteSignature)/;
const ELSEWHERE = /^(RegionDisabled|OptInRequired)/;

/**
 * Whether an error says that AWS doesn't take the key, or that it was not AWS that answered.
 * @returns undefined when AWS has answered for another reason
 */
export function whyNoAnswer(
  error: unknown,
  during: string,
  accessKeyId: string,
): { readonly kind: 'refused' | 'unreachable'; readonly failure: Failure } | undefined {
  const { failure } = operationErrorOf(error, during);
  const { name = '', $metadata } = error as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  if (REFUSALS.test(name) || ELSEWHERE.test(name)) {
    const nextStep = `AWS doesn't take ${accessKeyId}: it was switched off or deleted, or the region is not one of this account. Put a key of the user that works into the profile, and check the region.`;
    return { kind: 'refused', failure: { ...failure, nextStep } };
  }
  const kind = kindOf(error);
  const isGarbled =
    /^(SyntaxError|Unknown(Error)?)$/.test(name) || [200, 407].includes($metadata?.httpStatusCode ?? 0);
  const isAmiss =
    kind === 'transient' || kind === 'throttled' || isGarbled || $metadata?.httpStatusCode === undefined;
  if (!isAmiss) return undefined;
  const nextStep = 'Check the network and the proxy (HTTPS_PROXY, NO_PROXY, AWS_CA_BUNDLE).';
  return { kind: 'unreachable', failure: { ...failure, nextStep } };
}
