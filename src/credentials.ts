#!/usr/bin/env node
/*
 * The command `credentials` alone, as a file of its own: what a host needs that has Node and nothing else.
 * The build makes dist/credentials.mjs of it.
 */
import { runCredentialsLine } from './cli/credentials-line.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// It may be called like the whole: `credentials.mjs credentials --user ...`.
const typed = process.argv.slice(2);
const args = typed[0] === 'credentials' ? typed.slice(1) : typed;
const terminal = {
  environment: process.env,
  stdout: process.stdout,
  get stderr() {
    return process.stderr;
  },
};
const load = () => import('./cli/credentials-rest.ts');
const ended = await runCredentialsLine(args, terminal, { load, now: Date.now() });
process.exitCode = ended ?? (await (await load()).explainLine(args, terminal));
