/*
 * The controls that a stored run is evidence for, in our own words. Numbers and versions are those of the documents
 * named; docs/evidence.md says where they were looked up, and which of them Security Hub checks itself.
 */

/** What is asked of each key, or of each root user. */
export const CHECKS = ['root-key', 'rotated-90', 'own-limit', 'unused-45', 'one-active-key'] as const;
export type CheckName = (typeof CHECKS)[number];

export const CHECK_TITLES: Readonly<Record<CheckName, string>> = {
  'root-key': 'The root user has no access key',
  'rotated-90': 'No active key is older than 90 days',
  'own-limit': 'No active key is older than the organization itself allows (deleteAfter)',
  'unused-45': 'No active key has been without use for 45 days',
  'one-active-key': 'No user has two active keys',
};

export interface Control {
  /** Stable, for programs. */
  readonly id: string;
  readonly framework: string;
  readonly version: string;
  readonly number: string;
  readonly check: CheckName;
  /** What of the control this is evidence for. */
  readonly isEvidenceFor: string;
  /** What of the control it says nothing about. */
  readonly saysNothingOf: string;
}

const CIS = 'CIS AWS Foundations Benchmark';
const HUB = 'AWS Security Hub CSPM';
const PCI = 'PCI DSS';

const ROOT_KEYS =
  'Whether the root user of each account has access keys. Where the credential report was read, keys that are switched off do not count; otherwise they do.';
const ROTATED = 'Whether each active access key of an IAM user was made in the last 90 days.';
const UNUSED =
  'Whether each active access key was used in the last 45 days, or made in them; AWS tells of a use some hours late.';
const NO_PASSWORDS = 'Console passwords, which it asks about as well: only access keys are looked at.';
const NOTHING_ELSE = 'What the keys may do and who holds them; the control does not ask about that either.';
const NO_CENTRAL_ROOT = 'Whether AWS Organizations manages root credentials centrally.';

export const CONTROLS: readonly Control[] = [
  {
    id: 'cis-7.0.0-2.4',
    framework: CIS,
    version: '7.0.0',
    number: '2.4',
    check: 'root-key',
    isEvidenceFor: ROOT_KEYS,
    saysNothingOf: NO_CENTRAL_ROOT,
  },
  {
    id: 'cis-7.0.0-2.11',
    framework: CIS,
    version: '7.0.0',
    number: '2.11',
    check: 'unused-45',
    isEvidenceFor: UNUSED,
    saysNothingOf: NO_PASSWORDS,
  },
  {
    id: 'cis-7.0.0-2.12',
    framework: CIS,
    version: '7.0.0',
    number: '2.12',
    check: 'rotated-90',
    isEvidenceFor: ROTATED,
    saysNothingOf: NOTHING_ELSE,
  },
  {
    id: 'cis-5.0.0-1.3',
    framework: CIS,
    version: '5.0.0',
    number: '1.3',
    check: 'root-key',
    isEvidenceFor: ROOT_KEYS,
    saysNothingOf: NO_CENTRAL_ROOT,
  },
  {
    id: 'cis-5.0.0-1.11',
    framework: CIS,
    version: '5.0.0',
    number: '1.11',
    check: 'unused-45',
    isEvidenceFor: UNUSED,
    saysNothingOf: NO_PASSWORDS,
  },
  {
    id: 'cis-5.0.0-1.12',
    framework: CIS,
    version: '5.0.0',
    number: '1.12',
    check: 'one-active-key',
    isEvidenceFor:
      'Whether each IAM user has one active access key at most. Two during a rotation that is under way are counted as excepted; read strictly they fail.',
    saysNothingOf: 'Version 7.0.0 of the benchmark does not ask for this any more.',
  },
  {
    id: 'cis-5.0.0-1.13',
    framework: CIS,
    version: '5.0.0',
    number: '1.13',
    check: 'rotated-90',
    isEvidenceFor: ROTATED,
    saysNothingOf: NOTHING_ELSE,
  },
  {
    id: 'security-hub-iam.3',
    framework: HUB,
    version: 'current',
    number: 'IAM.3',
    check: 'rotated-90',
    isEvidenceFor: ROTATED,
    saysNothingOf: NOTHING_ELSE,
  },
  {
    id: 'security-hub-iam.4',
    framework: HUB,
    version: 'current',
    number: 'IAM.4',
    check: 'root-key',
    isEvidenceFor: ROOT_KEYS,
    saysNothingOf: NO_CENTRAL_ROOT,
  },
  {
    id: 'security-hub-iam.22',
    framework: HUB,
    version: 'current',
    number: 'IAM.22',
    check: 'unused-45',
    isEvidenceFor: UNUSED,
    saysNothingOf: NO_PASSWORDS,
  },
  {
    id: 'pci-dss-4.0.1-8.3.9',
    framework: PCI,
    version: '4.0.1',
    number: '8.3.9',
    check: 'rotated-90',
    isEvidenceFor:
      'Whether an access key, where it is the only factor by which somebody is let in, was changed in the last 90 days.',
    saysNothingOf:
      'Passwords; which users are people, and in scope; and the other way that the requirement allows, to judge access by its risk at each moment.',
  },
  {
    id: 'pci-dss-4.0.1-8.6.3',
    framework: PCI,
    version: '4.0.1',
    number: '8.6.3',
    check: 'own-limit',
    isEvidenceFor:
      'Whether the secrets of application and system accounts, where those are access keys, were changed within the time that is set (deleteAfter), and who set it.',
    saysNothingOf:
      'Whether that time is the right one: it must come from your own targeted risk analysis (12.3.1). Nor the strength of other secrets, nor changes after a suspicion, which are in the list of what was done.',
  },
  {
    id: 'nist-800-53-r5-ia-5',
    framework: 'NIST SP 800-53',
    version: 'Rev. 5',
    number: 'IA-5',
    check: 'own-limit',
    isEvidenceFor:
      'Of the management of authenticators: that access keys are refreshed within the time that the organization has defined (part f; the settings here).',
    saysNothingOf:
      'Proving who somebody is before a first key is handed out, strength, first content, loss and revocation procedures, and all authenticators that are not access keys.',
  },
  {
    id: 'iso-27001-2022-a.5.17',
    framework: 'ISO/IEC 27001',
    version: '2022',
    number: 'A.5.17',
    check: 'own-limit',
    isEvidenceFor:
      'Of the management of authentication information: that a process changes access keys within a time that is set, with its exceptions and their owners.',
    saysNothingOf:
      'That the process is written down and approved, what people are told about handling secrets, and everything that is no access key. An auditor judges that, no program.',
  },
];
