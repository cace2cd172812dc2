import { createHash } from 'node:crypto';
import { STYLE } from './assets.ts';
import { jsonMarkup, markup, NOTHING, type Markup } from './html.ts';

interface Script {
  /** It stands in the page as it is. */
  readonly code: string;
  /** What it finds in the element `data`. */
  readonly data: unknown;
}

/** What a page of ours consists of beside its frame. */
export interface Document {
  readonly title: string;
  /** For who uses a keyboard: `the report`. */
  readonly skipTo: string;
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: Markup;
  /** Absent where there is none. */
  readonly script?: Script;
}

/**
 * One HTML file with nothing beside it. Its style and its script are known by their hashes: nothing may be loaded
 * from anywhere, sent anywhere, or run that isn't this very script.
 */
export function documentOf({ title, skipTo, header, main, footer, script }: Document): string {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(script?.code)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>${{ markup: STYLE }}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to ${skipTo}</a>
        ${header}
        <main id="main" tabindex="-1">${main}</main>
        <footer>${footer}</footer>
        ${script === undefined ? NOTHING : scriptElements(script)}
      </body>
    </html>
`;
  return page.markup;
}

const scriptElements = ({ code, data }: Script): Markup =>
  markup`<script type="application/json" id="data">${jsonMarkup(data)}</script>
        <script>${{ markup: code }}</script>`;

function policy(script: string | undefined): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const scripts = script === undefined ? '' : ` script-src ${hash(script)};`;
  return `default-src 'none';${scripts} style-src ${hash(STYLE)}; base-uri 'none'; form-action 'none'`;
}
