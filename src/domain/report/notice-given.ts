import type { NoticeToGive } from '../rotation/notice.ts';
import type { Outcome } from './outcome.ts';

/**
 * The announcement that a message with this outcome makes. What was carried out announces what follows
 * from it; what was held back, or has failed, repeats its own. Whether it counts depends on the mode of
 * the account (`givesNotices`) and on who receives it.
 */
export const noticeGiven = ({ status, decision }: Outcome): NoticeToGive | undefined =>
  status === 'applied' ? decision.noticeWhenDone : decision.notice;
