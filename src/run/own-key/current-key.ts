import { definedOnly } from '../../domain/defined-only.ts';
import { InputError, OperationError, type Failure } from '../../domain/errors.ts';
import { DAY, HOUR, MINUTE, type Duration, type Instant } from '../../domain/time.ts';
import type { FirstKey, OwnKeyCalls, Remembered, SecretAnswer, SecretPlace } from '../ports/own-key.ts';
import { assertBelongsTo, assertSameUser, type WantedUser } from './belongs-to.ts';
import { regionsToSearch } from './regions.ts';

/** Whose key is wanted, and where its secret is. */
export interface OwnKeyRequest extends WantedUser {
  /** In which region; that of its ARN, if the secret is given by one. */
  readonly place: SecretPlace;
  /** The regions that this machine is set up for, where a secret that isn't found may be. */
  readonly configuredRegions: readonly string[];
}

export interface CurrentKey {
  /** The key to use, and what to remember with it. */
  readonly remember: Remembered;
  /** For the person who looks at the log of the workload. */
  readonly warnings: readonly string[];
  /** How long this answer holds. */
  readonly askAgainAfter: Duration;
}

/** An old key works for days after a rotation, so an hour is soon enough. */
const SETTLED = HOUR;
/** A key that AWS has only just made may not be known everywhere. */
const UNSETTLED = 5 * MINUTE;
/** Without a network every call would wait for it in vain. */
const OFFLINE = MINUTE;

/** How a key that was tried turned out. */
type Tried =
  | { readonly kind: 'found'; readonly current: CurrentKey }
  | { readonly kind: 'refused'; readonly failure: Failure };

/**
 * The current key of a user, found out with the key it has: the one that is remembered, or else the one of
 * the profile. Where there is no network the key at hand goes on; whatever AWS itself says counts.
 * @throws OperationError when AWS takes no key, denies the secret, or the key is another user's
 * @throws InputError when the profile has no key
 */
export async function currentKey(
  request: OwnKeyRequest,
  remembered: Remembered | undefined,
  { calls, first, now }: { calls: OwnKeyCalls; first: FirstKey; now: Instant },
): Promise<CurrentKey> {
  await refuseExchangedProfile(request, remembered, { calls, first });
  const profileKeyId = first.writtenKeyId ?? remembered?.profileKeyId;
  const base = definedOnly({ profileKeyId });
  if (remembered !== undefined) {
    const tried = await tryKey(request, { ...remembered, ...base }, { calls, now });
    if (tried.kind === 'found') return tried.current;
    // Somebody may have put a newer key into the profile after this machine slept for weeks.
    const key = await first.read().catch((error: unknown) => {
      if (error instanceof InputError) throw new OperationError(tried.failure);
      throw error;
    });
    if (key.accessKeyId === remembered.key.accessKeyId) throw new OperationError(tried.failure);
    return foundWith(await tryKey(request, { ...base, key }, { calls, now }));
  }
  return foundWith(await tryKey(request, { ...base, key: await first.read() }, { calls, now }));
}

function foundWith(tried: Tried): CurrentKey {
  if (tried.kind === 'refused') throw new OperationError(tried.failure);
  return tried.current;
}

/** A profile with the key of another user, or of another account, must not go unnoticed behind what is remembered. */
async function refuseExchangedProfile(
  request: OwnKeyRequest,
  remembered: Remembered | undefined,
  { calls, first }: { calls: OwnKeyCalls; first: FirstKey },
): Promise<void> {
  const { arn, profileKeyId, key } = remembered ?? {};
  const isNew =
    first.writtenKeyId !== undefined && ![profileKeyId, key?.accessKeyId].includes(first.writtenKeyId);
  if (arn === undefined || profileKeyId === undefined || !isNew) return;
  const identity = await calls.identify(await first.read());
  if (identity.kind !== 'known') return;
  assertBelongsTo(request, first.writtenKeyId, identity.arn);
  assertSameUser(arn, identity.arn);
}

interface Tools {
  readonly calls: OwnKeyCalls;
  readonly now: Instant;
}

async function tryKey(request: OwnKeyRequest, held: Remembered, tools: Tools): Promise<Tried> {
  const { calls } = tools;
  const { accessKeyId } = held.key;
  const warnings: string[] = [];
  let { arn } = held;
  let answers = false;
  if (arn === undefined) {
    const identity = await calls.identify(held.key);
    if (identity.kind === 'refused') return identity;
    if (identity.kind === 'known') ({ arn } = identity);
    else warnings.push(`whose key ${accessKeyId} is could not be asked (${identity.failure.message})`);
    answers = identity.kind === 'known';
  }
  if (arn !== undefined) assertBelongsTo(request, accessKeyId, arn);
  const known: Remembered = { ...held, ...definedOnly({ arn }) };

  const answer = await calls.readSecret(held.key);
  const found = (remember: Remembered, said: readonly string[], askAgainAfter = SETTLED): Tried => ({
    kind: 'found',
    current: { remember, warnings: [...warnings, ...said], askAgainAfter },
  });
  switch (answer.kind) {
    case 'key':
      return takeOver(request, known, answer, { calls, found });
    case 'no-key-yet':
      return found(known, [atHand('its secret has no key yet; that is right until its key is replaced')]);
    case 'none': {
      const { searched, why } = await explainNone(request, known, tools);
      return found({ ...known, ...definedOnly({ searched }) }, [atHand(why)]);
    }
    case 'denied':
      throw new OperationError(answer.failure);
    case 'refused':
      return answer;
    case 'unreachable': {
      const identity = answers ? undefined : await calls.identify(held.key);
      if (identity?.kind === 'refused') return identity;
      if (identity?.kind === 'known') assertBelongsTo(request, accessKeyId, identity.arn);
      const { message, nextStep } = answer.failure;
      return found(known, [atHand(`${message}. ${nextStep}`)], OFFLINE);
    }
  }
}

const atHand = (why: string): string => `using the key at hand: ${why}`;

/** A key that was read is used once AWS has said whose it is. */
async function takeOver(
  request: OwnKeyRequest,
  held: Remembered,
  read: Extract<SecretAnswer, { readonly kind: 'key' }>,
  {
    calls,
    found,
  }: {
    calls: OwnKeyCalls;
    found: (remember: Remembered, said: readonly string[], after?: Duration) => Tried;
  },
): Promise<Tried> {
  const secret = request.place;
  const { key } = read;
  if (key.accessKeyId === held.key.accessKeyId) return found({ ...held, key, secret }, []);
  const { userName = request.userName, accountId } = read;
  if (userName !== request.userName) {
    throw foreign(`${secret.id} holds a key of ${userName}`, request.userName);
  }
  if (held.arn !== undefined && accountId !== undefined && !held.arn.includes(`:${accountId}:`)) {
    throw foreign(
      `${secret.id} holds a key of the account ${accountId}, and the key at hand is of ${held.arn}`,
      request.userName,
    );
  }
  const identity = await calls.identify(key);
  switch (identity.kind) {
    case 'known':
      assertBelongsTo(request, key.accessKeyId, identity.arn);
      if (held.arn !== undefined) assertSameUser(held.arn, identity.arn);
      return found({ ...held, key, arn: identity.arn, secret }, []);
    case 'refused':
      // The key at hand has just read the secret, so that one works.
      return found(
        { ...held, secret },
        [
          atHand(
            `AWS does not take ${key.accessKeyId}, which ${secret.id} holds (${identity.failure.message})`,
          ),
        ],
        UNSETTLED,
      );
    case 'unreachable':
      return found({ ...held, key, secret }, []);
  }
}

const foreign = (message: string, userName: string): OperationError =>
  new OperationError({
    kind: 'unknown',
    during: 'secretsmanager:GetSecretValue',
    message,
    nextStep: `Name the secret of ${userName}: with --secret if it is not in the user's own account, else with neither.`,
  });

/**
 * There is no secret that this user may read. That is right before the first replacement, and must not go on
 * for ever after it: the old key would be switched off some day.
 * @throws OperationError when the secret was there before, or is in another region
 */
async function explainNone(
  { userName, place, configuredRegions }: OwnKeyRequest,
  held: Remembered,
  { calls, now }: Tools,
): Promise<{ readonly searched?: Remembered['searched']; readonly why: string }> {
  if (held.secret !== undefined) throw lost(userName, place, held.secret);
  if (place.id.startsWith('arn:')) {
    return {
      why: `${userName} may not read ${place.id}; that is right until its key is replaced, and later it needs the permission of its own account, too`,
    };
  }
  const none = `there is no secret in ${place.region} that ${userName} may read`;
  const why = `${none}; that is right until its key is replaced, if ${place.region} is the region of the service; if not, name that one: --region REGION`;
  // Calls that are denied catch the eye of whoever watches the account, so they are made once a day.
  if (held.searched?.region === place.region && now - held.searched.at < DAY) return { why };
  const searched = { at: now, region: place.region };
  const newer = await calls.newerKey(held.key);
  if (newer !== undefined && newer.id === undefined) return { searched, why };
  const answers = await Promise.all(
    regionsToSearch(place.region, configuredRegions, newer === undefined).map(async (region) => ({
      region,
      ...(await calls.readSecret(held.key, region)),
    })),
  );
  const found = answers.find(({ kind }) => kind === 'key' || kind === 'no-key-yet');
  if (found !== undefined) throw lost(userName, place, { ...place, region: found.region });
  if (newer === undefined) return { searched, why };
  return {
    searched,
    why: `${none}, but the user has a newer key, ${newer.id ?? ''}: if the service made that one, check --region and --secret`,
  };
}

function lost(userName: string, asked: SecretPlace, known: SecretPlace): OperationError {
  const isElsewhere = asked.region !== known.region || asked.id !== known.id;
  return new OperationError({
    kind: 'not-found',
    during: 'secretsmanager:GetSecretValue',
    message: `there is no ${asked.id} in ${asked.region} that ${userName} may read`,
    nextStep: isElsewhere
      ? `Its secret is ${known.id} in ${known.region}: check --region and --secret.`
      : 'It was read from there before: ask whoever runs the rotation whether it was deleted, or moved elsewhere.',
  });
}
