import { dayOf } from '../common/wording.ts';
import { markup, type Markup } from './html.ts';
import type { KeyOfRun } from './key-state.ts';

/* A user with two keys in use, of which only a person can say which may go. */

export const isChoice = ({ key }: KeyOfRun): boolean =>
  key.action === 'blocked' && key.reason === 'two-keys-in-use';

/** Both keys, with what is known of who uses them. */
export function theTwoKeys({ account, key: { userName } }: KeyOfRun): Markup {
  const two = account.keys.filter((one) => one.userName === userName && one.status === 'active');
  return markup`Both keys of this user are in use, and a user can have no third one: there is no room for a
    replacement. Only a person can say which may go.
    ${two.map(
      ({ keyId, lastUse }) =>
        markup`<span class="line"><code>${keyId}</code>
          ${lastUse.kind === 'used' ? `last used ${[dayOf(lastUse.at), lastUse.service && `by ${lastUse.service}`, lastUse.region && `in ${lastUse.region}`].filter(Boolean).join(' ')}` : lastUse.kind === 'never' ? 'never used' : 'last use not known'}</span
        >`,
    )}`;
}

export const whichOfTwo =
  'Find out what uses each of them, move all of it to one, then switch the other one off.';
