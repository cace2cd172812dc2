/**
 * Writes THIRD-PARTY-LICENSES.md; with --check only says whether it is right.
 * Ends with 1 when a licence isn't permissive, or the list is not what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { LIST, objections, productionPackages, render } from './third-party.ts';

const packages = productionPackages();
const wanted = render(packages);
const problems = [...objections(packages)];
if (process.argv.includes('--check')) {
  const written = existsSync(LIST) ? readFileSync(LIST, 'utf8') : '';
  if (written !== wanted)
    problems.push('THIRD-PARTY-LICENSES.md is out of date: run node scripts/licenses.ts');
} else {
  writeFileSync(LIST, wanted);
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`${packages.length} packages in production, all with permissive licences\n`);
