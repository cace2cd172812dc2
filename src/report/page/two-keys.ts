import { dayOf } from '../common/wording.ts';
import type { StoredKey } from '../../domain/report/stored-run.ts';
import { markup, type Markup } from './html.ts';
import type { KeyOfRun } from './key-state.ts';

/* A user with two keys in use, of which only a person can say which may go. */

export const isChoice = ({ key }: KeyOfRun): boolean =>
  key.action === 'blocked' && key.reason === 'two-keys-in-use';

/** Both keys, with what is known of who uses them. */
export function theTwoKeys({ account, key: { userName } }: KeyOfRun): Markup {
  const two = account.keys.filter((one) => one.userName === userName && one.status === 'active');
  return markup`This user has two keys, both were used, and AWS allows no third one: there is no room for a
    replacement. Only a person can say which may go.
    ${two.map((key) => markup`<span class="line"><code>${key.keyId}</code> ${describeUse(key)}</span> `)}`;
}

function describeUse({ lastUse: use }: StoredKey): string {
  if (use.kind !== 'used') return use.kind === 'never' ? 'never used' : 'last use not known';
  const by = use.service === undefined ? '' : ` by ${use.service}`;
  return `last used ${dayOf(use.at)}${by}${use.region === undefined ? '' : ` in ${use.region}`}`;
}

export const whichOfTwo =
  'Find out what uses each of them, move all of it to one, then switch the other one off.';
