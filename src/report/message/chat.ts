import { clean } from '../common/sanitize.ts';
import { markdown } from '../common/markdown.ts';
import type { Task } from './block.ts';

/*
 * Custom notifications of Amazon Q Developer in chat applications, version 1.0
 * (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html). A title has 250 characters at most and a
 * description 8,000; what doesn't fit the form it drops without a word. A chat room wants less than that, and the
 * message with its other forms must fit what SNS takes.
 */
const LONGEST_TITLE = 250;
const LONGEST_DESCRIPTION = 1_500;
const LONGEST_STEP = 300;
const MOST_STEPS = 5;

/** As part of what SNS takes, where text and JSON leave 12 KB; the attributes need up to half of it. */
const MOST_BYTES = 6_000;

/** What a room is told. */
export interface ChatMessage {
  /** The subject of the mail. */
  readonly subject: string;
  /** In sentences: what was done, and what is asked. */
  readonly headline: string;
  readonly tasks: readonly Task[];
  /** Where the rest is, in a sentence. */
  readonly seeAll: string;
  readonly kind: 'account-digest' | 'owner-digest' | 'organization-summary';
  readonly accountId: string;
  readonly severity: string;
  readonly runId: string;
}

/** The notification as JSON; with fewer of its tasks where they would be too much. */
export function chatOf(message: ChatMessage): string {
  for (let tasks = Math.min(message.tasks.length, MOST_STEPS); tasks > 0; tasks--) {
    const json = written(message, tasks);
    if (sizeInEnvelope(json) <= MOST_BYTES) return json;
  }
  return written(message, 0);
}

/** It stands in a string of JSON once more. */
const sizeInEnvelope = (json: string): number => Buffer.byteLength(JSON.stringify(json));

function written(
  { subject, headline, tasks, seeAll, kind, accountId, severity, runId }: ChatMessage,
  shown: number,
): string {
  const title = markdown(subject.replace(/^\[access-key-rotation\] /, ''), LONGEST_TITLE);
  const first = tasks.slice(0, shown);
  const room = LONGEST_DESCRIPTION / (first.length + 2);
  const id = clean(accountId, 20);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: [
        markdown(headline, room),
        ...first.map(({ otherwise }) => `- ${markdown(otherwise, room)}`),
        markdown(tasks.length > shown ? `There is more to do: ${seeAll}` : `All of it: ${seeAll}`, room),
      ].join('\n'),
      ...(first.length === 0 ? {} : { nextSteps: first.map(({ what }) => markdown(what, LONGEST_STEP)) }),
      keywords: ['access-key-rotation', severity],
    },
    metadata: {
      // What one run has to say of an account is one thread.
      threadId: `${clean(runId, 64)} ${id}`,
      summary: title,
      eventType: kind,
      relatedResources: [id],
      additionalContext: { accountId: id, severity, runId: clean(runId, 64) },
    },
  });
}
