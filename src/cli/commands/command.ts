import type { Argv, CommandModule } from 'yargs';

/** One command: what it is called, which options it has, and what it does with them. */
export interface Command<A> {
  readonly command: string;
  readonly describe: string;
  /** Options of several words are declared with dashes and arrive in camel case, which yargs' types do not know. */
  builder(yargs: Argv): unknown;
  handler(options: A): Promise<void>;
}

export function defineCommand<A>(command: Command<A>): CommandModule {
  return command as unknown as CommandModule;
}
