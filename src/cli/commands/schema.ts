import { defineCommand } from './command.ts';

interface SchemaArguments {
  readonly name: string | undefined;
}

export const schema = defineCommand<SchemaArguments>({
  command: 'schema [name]',
  describe: 'Print the JSON Schema of a file you write or read, or their names',
  builder: (yargs) =>
    yargs.positional('name', { type: 'string', describe: 'drill, scenario, platform, project or result' }),
  async handler({ name }) {
    const { UsageError } = await import('../errors.ts');
    const { jsonSchemas, nearest } = await import('../../index.ts');
    const names = Object.keys(jsonSchemas);
    if (name === undefined) {
      process.stdout.write(`${names.join('\n')}\n`);
      return;
    }
    const found = jsonSchemas[name];
    if (found === undefined) {
      const near = nearest(name, names);
      throw new UsageError(
        `there is no schema ${name}${near === null ? '' : `; did you mean ${near}?`} (${names.join(', ')})`,
      );
    }
    process.stdout.write(`${JSON.stringify(found(), null, 2)}\n`);
  },
});
