import { SECOND } from '../../domain/time.ts';
import type { FindingHub, RefusedFinding } from '../../run/ports/findings.ts';
import type { AwsSettings } from '../client/config.ts';
import { badAnswer, operationErrorOf } from '../client/errors.ts';
import { signedFetch } from '../client/signed-fetch.ts';
import { tryAgain } from '../client/tries.ts';

const ACTION = 'securityhub:BatchImportFindings';

const ENABLE =
  'Enable Security Hub in the account and the region of the service (aws securityhub enable-security-hub --no-enable-default-standards), or deploy with securityHub: false.';

/** A batch of a hundred is half a megabyte at most. */
const TIMEOUT = 30 * SECOND;
const TRIES = 6;

/**
 * One call of Security Hub: the SDK's own client is as large as the shapes of everything that may be found.
 * @param url of Security Hub, in the region of the service: `https://securityhub.eu-central-1.amazonaws.com`
 * @param sleep between tries
 */
export function securityHub<Finding>(
  { endpoint, ...settings }: Pick<AwsSettings, 'region' | 'credentials' | 'counts' | 'endpoint'>,
  url: string,
  sleep: (duration: number) => Promise<void>,
): FindingHub<Finding> {
  const fetchSigned = signedFetch(settings, 'securityhub', new URL(endpoint ?? url), TIMEOUT);
  const request = { method: 'POST', path: '/findings/import', contentType: 'application/json' } as const;

  const send = async (findings: readonly Finding[]): Promise<readonly RefusedFinding[]> => {
    try {
      const answer = await fetchSigned({ ...request, body: JSON.stringify({ Findings: findings }) });
      if (!answer.ok) throw await errorIn(answer);
      return refusedIn(await answer.json(), findings.length);
    } catch (error) {
      throw operationErrorOf(error, ACTION, isNotEnabled(error) ? { denied: ENABLE } : {});
    }
  };

  return { take: (findings) => tryAgain(ACTION, () => send(findings), { tries: TRIES, sleep }) };
}

/** Security Hub says so by an error of its own, which says nothing of permissions. */
const isNotEnabled = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InvalidAccessException';

async function errorIn(answer: Response): Promise<Error> {
  const body = await answer.text();
  const said = objectIn(body);
  const type = answer.headers.get('x-amzn-errortype') ?? said['__type'] ?? said['Code'];
  // `InvalidAccessException:http://...`, `com.amazonaws...#InvalidAccessException`
  const name = /(?:^|#)(\w+)(?::|$)/.exec(textIn(type))?.[1] ?? `HTTP ${answer.status}`;
  const message = textIn(said['message'] ?? said['Message']);
  return Object.assign(new Error(message), {
    // It calls its rate a limit, too.
    name: answer.status === 429 ? 'ThrottlingException' : name,
    $metadata: { httpStatusCode: answer.status },
  });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** @param sent how many; every one of them has to be accounted for */
function refusedIn(answer: unknown, sent: number): readonly RefusedFinding[] {
  const { SuccessCount: taken, FailedFindings: failed } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const refused = Array.isArray(failed) ? (failed as readonly Readonly<Record<string, unknown>>[]) : [];
  if (typeof taken !== 'number' || taken + refused.length !== sent) {
    throw badAnswer(ACTION, 'what became of every finding');
  }
  return refused.map(({ Id, ErrorCode, ErrorMessage }) => ({
    id: textIn(Id),
    code: textIn(ErrorCode),
    message: textIn(ErrorMessage),
  }));
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
