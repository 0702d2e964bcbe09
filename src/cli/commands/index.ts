import { doctor } from './doctor.ts';
import { heal } from './heal.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { plan } from './plan.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { runbook } from './runbook.ts';
import { schema } from './schema.ts';

/** One file a command. They import the library only when they run, so that `--help` answers at once. */
export const commands = [run, list, plan, lint, doctor, heal, report, runbook, schema];
