import { environmentNames } from '../definition/platform.ts';
import { environments, listDrills, openProject } from '../index.ts';
import { version } from '../run/harness.ts';
import { checkedOptions, type ProjectArguments } from './commands/options.ts';
import { exitCodes } from './errors.ts';

/** Tells what this machine can run and what is missing. @returns the exit code: 0 when every valid drill can run */
export async function examine(options: ProjectArguments): Promise<number> {
  const project = await openProject();
  say(`drillbook ${await version()} on Node ${process.version}, ${process.platform} ${process.arch}`);
  say(`project ${project.root}`);
  let missing = 0;
  for (const [name, parsed] of project.platforms) {
    if ('errors' in parsed) {
      say(`platform ${name}: not valid, see \`drillbook lint\``);
      continue;
    }
    const { value } = parsed.definition;
    const environment = environments[value.environment];
    if (environment === undefined) {
      say(`platform ${name}: this version has no environment ${value.environment}`);
      continue;
    }
    const found = await environment.check(value, 'with-notes');
    const problems = found.filter(({ note }) => note !== true);
    missing += problems.length;
    say(
      `platform ${name} (${value.environment}): ${problems.length === 0 ? 'can run here' : 'cannot run here'}`,
    );
    for (const { what, todo, note } of found) say(note === true ? `  · ${what}` : `  ✗ ${what}\n    ${todo}`);
  }
  const missingHere = environmentNames.filter((name) => environments[name] === undefined);
  if (missingHere.length > 0) say(`not in this version: the environments ${missingHere.join(', ')}`);
  const drills = await listDrills(project, checkedOptions(options));
  say(
    `${drills.filter(({ errors }) => errors.length === 0).length} of ${drills.length} drill variants are valid`,
  );
  return missing === 0 ? exitCodes.pass : exitCodes.inconclusive;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
