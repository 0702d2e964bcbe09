import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';

/** Options of every command that reads definitions. */
export interface ProjectArguments {
  readonly runbooks: string | undefined;
  readonly platform: string | undefined;
  readonly today: string | undefined;
}

export function projectOptions<T>(yargs: Argv<T>): Argv<T & ProjectArguments> {
  return yargs
    .option('runbooks', {
      type: 'string',
      requiresArg: true,
      describe: "Folder of runbooks instead of the project's",
    })
    .option('platform', {
      type: 'string',
      requiresArg: true,
      describe: 'Platform file to run on instead of the one that a drill names',
    })
    .option('today', {
      type: 'string',
      requiresArg: true,
      describe: 'Date that review dates are compared with, YYYY-MM-DD',
    });
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;

/** @throws UsageError when `--today` is no date */
export function checkedOptions<T extends ProjectArguments>(options: T): T {
  const { today } = options;
  if (today !== undefined && !(isoDate.test(today) && isRealDate(today))) {
    throw new UsageError(`--today ${today} is no date; write it as YYYY-MM-DD, such as 2027-01-31`);
  }
  return options;
}

function isRealDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
