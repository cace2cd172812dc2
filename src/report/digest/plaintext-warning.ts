import type { ResolvedSettings } from '../../domain/settings/resolve.ts';
import { clean } from '../common/sanitize.ts';

/** What every digest says of an account whose secrets go out in plain text; empty for all others. */
export const plaintextWarning = ({ values, sources }: ResolvedSettings): string =>
  values.secretDelivery === 'sns-plaintext'
    ? `WARNING: the secrets of new keys are published in plain text to the topic that this message came from, because the settings say so: secretDelivery is sns-plaintext (${clean(sources.secretDelivery ?? 'set')}). Whoever subscribes to the topic can use these keys, and so can whoever gets at a mailbox, queue or archive that its messages end in. To end this, set secretDelivery to member or central there, and replace the keys that were sent.`
    : '';
