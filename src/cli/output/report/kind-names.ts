/** What can be asked for with `--only`, in the order in which a report shows it. */
export const KINDS = ['needs-person', 'failed', 'replace', 'deactivate', 'delete', 'upcoming'] as const;
export type Kind = (typeof KINDS)[number];
