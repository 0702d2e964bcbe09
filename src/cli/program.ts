import yargs from 'yargs';
import { commands } from './commands/index.ts';
import { printError, UsageError } from './errors.ts';
import { helpWidth } from './help-text.ts';

/** Runs one command line. Never throws: what went wrong is said, and the exit code set. */
export async function runProgram(args: readonly string[]): Promise<void> {
  // A reader who has seen enough, such as head, must not cut off a drill before it has tidied up.
  process.stdout.on('error', ignoreClosedPipe);
  try {
    if (args[0] === '--version') await showVersion();
    else await parserOf(args).parseAsync();
  } catch (error) {
    process.exitCode = printError(error);
  }
}

/** The whole help at a width. */
export function helpAt(width: number): Promise<string> {
  return parserOf([], width).getHelp();
}

function parserOf(args: readonly string[], width = Math.min(process.stdout.columns || helpWidth, helpWidth)) {
  return yargs([...args])
    .scriptName('drillbook')
    .usage(
      '$0 <command>\n\nRehearses disasters by your own runbook, and proves what came back, how fast, and what was lost.',
    )
    .command([...commands])
    .demandCommand(1, 'Name a command; `drillbook run` runs every drill of this machine.')
    .recommendCommands()
    .strict()
    .alias('h', 'help')
    .version(false)
    .option('version', { type: 'boolean', describe: 'Show the version', global: false })
    .epilogue('Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 wrong definition or command line, 4 refused.')
    .wrap(width)
    .exitProcess(false)
    .fail((message, error) => {
      throw error?.name === 'YError' || !error
        ? new UsageError(`${message ?? error?.message}\nSee: drillbook --help`)
        : error;
    });
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function showVersion(): Promise<void> {
  const { version } = await import('../run/harness.ts');
  process.stdout.write(`${await version()}\n`);
}
