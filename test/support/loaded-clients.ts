import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/* For node --import: says on file descriptor 3 which clients of AWS and how many files the process has loaded. */

const clients = new Set<string>();
const files = new Set<string>();
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const [, name] = /\/@aws-sdk\/(client-[a-z-]+)\//.exec(found.url) ?? [];
    if (name !== undefined) clients.add(name);
    if (found.url.startsWith('file:')) files.add(found.url);
    return found;
  },
});
process.once('exit', () => {
  writeSync(3, JSON.stringify({ clients: [...clients].sort(), files: files.size }));
});
