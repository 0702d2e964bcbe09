#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import yargs from 'yargs';
import { commands } from './commands/index.ts';
import { exitCodes, printError } from './errors.ts';

enableCompileCache();

const parser = yargs(process.argv.slice(2))
  .scriptName('drillbook')
  .usage(
    "$0 <command>\n\nRehearses disasters: breaks a replica of a platform the way a runbook describes, runs the runbook's own\ncommands, and proves with evidence what came back, how fast, and what was lost.",
  )
  .command([...commands])
  .demandCommand(1, 'Name a command; `drillbook run` runs every drill of this machine.')
  .recommendCommands()
  .strict()
  .alias('h', 'help')
  .version(false)
  .option('version', { type: 'boolean', describe: 'Show the version', global: false })
  .epilogue(
    'Exit codes of run, report: 0 pass, 1 fail, 2 inconclusive, 3 wrong definition or command line, 4 refused.',
  )
  .wrap(Math.min(process.stdout.columns ?? 100, 100))
  .exitProcess(false)
  .fail((message, error, self) => {
    if (error) throw error;
    process.stderr.write(
      `drillbook: ${message}\nSee: drillbook ${String(self.parsed === false ? '' : (self.parsed.argv._[0] ?? ''))} --help\n`,
    );
    process.exitCode = exitCodes.wrong;
  });

try {
  if (process.argv[2] === '--version') {
    const { version } = await import('../run/harness.ts');
    process.stdout.write(`${await version()}\n`);
  } else {
    await parser.parseAsync();
  }
} catch (error) {
  process.exitCode = printError(error);
}
