/** Writes src/report/page/assets.ts, which has the script and the style of the report page. */
import { writeFileSync } from 'node:fs';
import { ASSETS, pageAssets } from './page-script.ts';

writeFileSync(ASSETS, await pageAssets());
