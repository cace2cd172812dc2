#!/usr/bin/env node
import { runCredentialsLine } from './cli/credentials-line.ts';

// The SDK warns of Node 20 on every start, in the middle of what people and programs read.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Whoever reads only the first lines (`| head`) has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const [command, ...args] = process.argv.slice(2);
const terminal = {
  environment: process.env,
  // Opened when somebody reads or writes: a program that wants its credentials is not asked anything.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  get stderr() {
    return process.stderr;
  },
};

/** What a person calls, who may stop it. */
async function runCommand() {
  const [{ main }, { endOnSignals }] = await Promise.all([
    import('./cli/main.ts'),
    import('./cli/input/signals.ts'),
  ]);
  const configure = async () => {
    const { configPath, variablesOfConfig } = await import('./cli/input/config-file.ts');
    // The SDK looks there, too.
    Object.assign(process.env, await variablesOfConfig(process.env, configPath(process.env)));
  };
  const { environment, stdin, stdout, stderr } = terminal;
  const onStop = endOnSignals(process);
  return main(process.argv.slice(2), { environment, stdin, stdout, stderr, configure, onStop });
}

const load = () => import('./cli/commands/credentials.ts');
const ended =
  command === 'credentials' ? await runCredentialsLine(args, terminal, { load, now: Date.now() }) : undefined;
process.exitCode = ended ?? (await runCommand());
