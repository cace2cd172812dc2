import { definedOnly } from '../../domain/defined-only.ts';
import type { EventNotice } from '../../domain/report/event.ts';
import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Adoption } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import type { Notice, NoticeToGive } from '../../domain/rotation/notice.ts';
import { nameInCommand } from './sanitize.ts';
import { isoOf } from './wording.ts';

/* What machines are told of a key beside what was decided: reports, digests and events use the same names. */

interface LastUseFields {
  readonly lastUsedAt?: string;
  readonly lastUsedService?: string;
  readonly lastUsedRegion?: string;
}

export interface KeyFacts extends LastUseFields {
  readonly replacedBy?: string;
  readonly adoption?: Adoption['state'];
  readonly notice?: EventNotice;
}

export const keyFacts = (outcome: Outcome): KeyFacts => {
  const { adoption, key } = outcome.decision;
  return {
    ...(adoption === undefined ? {} : { replacedBy: adoption.replacementId, adoption: adoption.state }),
    ...lastUseFields(key),
    ...definedOnly({ notice: noticeFields(noticeGiven(outcome)) }),
  };
};

/** The same where it may be shown as it is: what IAM says of services and regions is foreign text. */
export const cleanFacts = (outcome: Outcome): KeyFacts =>
  Object.fromEntries(
    Object.entries(keyFacts(outcome)).map(([name, value]) => [
      name,
      typeof value === 'string' ? nameInCommand(value) : (value as unknown),
    ]),
  );

const lastUseFields = ({ lastUse }: AccessKey): LastUseFields =>
  lastUse.kind !== 'used'
    ? {}
    : definedOnly({
        lastUsedAt: isoOf(lastUse.at),
        lastUsedService: lastUse.service,
        lastUsedRegion: lastUse.region,
      });

/** Undefined where there is none, or none with a date that a calendar has. */
export function noticeFields(notice: Notice | NoticeToGive | undefined): EventNotice | undefined {
  const date = notice === undefined ? undefined : isoOf(notice.date);
  if (notice === undefined || date === undefined) return undefined;
  const inAnyCase = notice.inAnyCase === undefined ? undefined : isoOf(notice.inAnyCase);
  return { about: notice.about, date, ...definedOnly({ inAnyCase }) };
}
