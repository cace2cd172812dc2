import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/* For node --import: says on file descriptor 3 which clients of AWS the process has loaded. */

const loaded = new Set<string>();
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const [, name] = /\/@aws-sdk\/(client-[a-z-]+)\//.exec(found.url) ?? [];
    if (name !== undefined) loaded.add(name);
    return found;
  },
});
process.once('exit', () => {
  writeSync(3, JSON.stringify([...loaded].sort()));
});
