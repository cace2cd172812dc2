import { InputError } from '../../domain/errors.ts';
import type { HeldKey } from '../../run/ports/own-key.ts';

/* Where a profile of the AWS config files has its credentials from. Pure. */

export type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

export type Source =
  { readonly kind: 'key'; readonly key: HeldKey } | { readonly kind: 'process'; readonly command: string };

/**
 * In the order in which the SDK looks: a role goes before a key that is written down, and that goes before
 * a command.
 * @throws InputError for what isn't the key of a user, with what to name instead
 */
export function sourceOf(profiles: Profiles, name: string): Source {
  const profile = profiles[name];
  if (profile === undefined)
    throw refused(`the profile ${name} has no key: there is no such profile${others(profiles)}`);
  refuseSessions(profile, name);
  const { aws_access_key_id: id, aws_secret_access_key: secret, credential_process: command } = profile;
  if (filled(id) && filled(secret)) return { kind: 'key', key: { accessKeyId: id, secretAccessKey: secret } };
  if (filled(id) || filled(secret)) {
    throw refused(`the profile ${name} has half a key: it needs aws_access_key_id and aws_secret_access_key`);
  }
  if (filled(command)) {
    const circle = circleFrom(profiles, name);
    if (circle !== undefined) {
      throw refused(
        `the profile ${name} leads back to itself: ${circle.join(' -> ')}. Name the profile that holds the key itself.`,
      );
    }
    return { kind: 'process', command };
  }
  throw refused(
    `the profile ${name} has no key: write aws_access_key_id and aws_secret_access_key of the user into it`,
  );
}

/** The id of a key that is written down in the profile; undefined for all else, however wrong. */
export function writtenKeyId(profiles: Profiles, name: string): string | undefined {
  try {
    const source = sourceOf(profiles, name);
    return source.kind === 'key' ? source.key.accessKeyId : undefined;
  } catch {
    return undefined;
  }
}

function refuseSessions(profile: NonNullable<Profiles[string]>, name: string): void {
  const instead = 'name the profile that holds the access key of the user itself';
  const { role_arn, source_profile, aws_session_token, sso_session, sso_start_url, login_session } = profile;
  if (filled(role_arn)) {
    const better = filled(source_profile) && source_profile !== name ? `, perhaps ${source_profile}` : '';
    throw refused(
      `the profile ${name} has no key of its own: it assumes the role ${role_arn}; ${instead}${better}`,
    );
  }
  if (filled(sso_session) || filled(sso_start_url)) {
    throw refused(`the profile ${name} has no key of a user: it signs in by SSO; ${instead}`);
  }
  if (filled(login_session)) {
    throw refused(`the profile ${name} has no key of a user: it signs in by aws login; ${instead}`);
  }
  if (filled(aws_session_token)) {
    throw refused(
      `the profile ${name} has no key of a user, but temporary credentials (aws_session_token), as after a sign-in with MFA; ${instead}`,
    );
  }
}

/** The profiles from `name` on that run this very command for one another, if they come back to one of them. */
function circleFrom(profiles: Profiles, name: string): readonly string[] | undefined {
  const seen = [name];
  for (;;) {
    const next = namedByCommand(profiles[seen.at(-1) ?? '']);
    if (next === undefined) return undefined;
    if (seen.includes(next)) return [...seen, next];
    seen.push(next);
  }
}

/** The profile that our own command takes its key from. A command of somebody else names none. */
function namedByCommand(profile: Profiles[string]): string | undefined {
  const { credential_process: command, aws_access_key_id: id } = profile ?? {};
  if (!filled(command) || filled(id)) return undefined;
  const found = /\bcredentials\b.*?\s--from(?:=|\s+)(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(command);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

const others = (profiles: Profiles): string => {
  const names = Object.keys(profiles)
    .filter((name) => !/^(sso-session|services)\./.test(name))
    .slice(0, 20);
  return names.length === 0
    ? ': the AWS config files have none, or are elsewhere (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE)'
    : `; there are ${names.join(', ')}`;
};

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

const refused = (problem: string): InputError => new InputError([`--from: ${problem}`]);
