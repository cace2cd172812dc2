import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the page of the demo's organization is written. The same one each time: who runs the demo twice has one page. */
export const PAGE_FILE = join(tmpdir(), 'access-key-rotation-demo', 'access-keys.html');
