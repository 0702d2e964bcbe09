import { z } from 'zod';
import { duration } from './duration.ts';
import { claim, coverage, restorationOrder, updates } from './judging.ts';
import { chosenLoad } from './load-spec.ts';
import { name } from './name.ts';
import { probe } from './observing.ts';
import { environmentNames } from './platform.ts';
import { condition } from './scenario.ts';

/** Proof by state that a step had its effect: a probe (inline or of the platform) asked until it is ok. */
const verification = z.strictObject({
  name: z.string().describe('what is proved, in words'),
  probe: z.union([name, probe]),
  equals: z.union([z.string(), z.number()]).optional().describe('the observed value'),
  within: duration.optional().describe('default 30s'),
});
export type Verification = z.infer<typeof verification>;

const people = {
  people: duration
    .optional()
    .describe('how long people take for this; added to the RTO with people, never slept'),
};

const commandStep = z.strictObject({
  command: z
    .string()
    .describe("beginning of the runbook's command, enough to name exactly one in the section"),
  nth: z.int().positive().optional().describe('which of several equal commands, from 1'),
  bind: z.record(z.string(), z.string()).optional().describe('placeholder name or literal → value'),
  capture: z
    .record(z.string(), z.string())
    .optional()
    .describe('variable → regular expression with one group over the output'),
  exits: z
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe('exit code with which it works; default 0. 1 for a check that is to find what is wrong'),
  verify: z.array(verification).optional(),
  correction: z
    .strictObject({ command: z.string(), reason: z.string() })
    .optional()
    .describe("runs after the runbook's own text has failed"),
  on: name
    .optional()
    .describe('role, component or instance in which it runs, as on that machine; default the toolbox'),
  'platform-differs': z
    .string()
    .optional()
    .describe('a failure that exists only because the replica differs, and why'),
  timeout: duration.optional().describe('default 60s'),
  ...people,
});

const manualStep = z.strictObject({
  manual: z
    .strictObject({ phase: z.int().positive().optional(), step: z.int().positive() })
    .describe('phase and ordinal within it'),
  perform: z
    .string()
    .optional()
    .describe('what a person would do, as a toolbox command; reported as performed by the drill'),
  verify: z.array(verification).optional(),
  timeout: duration.optional(),
  ...people,
});

const procedureStage = z.strictObject({
  procedure: name,
  section: z
    .string()
    .describe('headings of the runbook from the top, joined by " > "; the last may be enough if unique'),
  steps: z.array(z.union([commandStep, manualStep])),
  'leave-out': z
    .array(z.strictObject({ command: z.string(), nth: z.int().positive().optional(), reason: z.string() }))
    .optional()
    .describe('commands of the section that this drill does not use'),
  'compared-with': name
    .optional()
    .describe(
      'an earlier procedure on the same section, before the fault: the commands are questions, any answer is one, and those whose answer is the same are reported as uninformative',
    ),
});

const untilStage = z.strictObject({
  until: z
    .union([z.literal('recovered'), condition, z.array(condition).min(1)])
    .describe('recovered, a condition, or several that must hold at the same time'),
  within: duration,
  as: name
    .optional()
    .describe(
      'a mark of this name for objectives: when what is waited for began to hold (the last of several)',
    ),
  'proved-by': z
    .strictObject({
      'healthy-within': duration.describe('every probe of the conditions answered well in this time'),
      before: z.string().describe('mark; usually procedure.NAME.start'),
    })
    .optional()
    .describe('for conditions `is: failing`: what shows that it was not over before anybody acted'),
});

const stageCommon = { only: z.array(name).optional().describe('variants that have this stage; default all') };

export const stage = z.union([
  z.strictObject({ inject: name, ...stageCommon }),
  procedureStage.extend(stageCommon),
  untilStage.extend(stageCommon),
  z.strictObject({ heal: z.union([z.literal('all'), name]), ...stageCommon }),
  z.strictObject({
    return: name.describe(
      'superseded database: back at its own address as it was left, to be read and reconciled; it can take no write. A rejoin comes after it',
    ),
    ...stageCommon,
  }),
  z.strictObject({ rejoin: name.describe('component or instance'), ...stageCommon }),
  z.strictObject({ failback: procedureStage, ...stageCommon }),
]);
export type StageSpec = z.infer<typeof stage>;

const timeObjective = z.strictObject({
  from: z
    .string()
    .describe(
      "mark: a fault's name, steady, symptom, detected, procedure.NAME.start|end, recovered, healed, rejoined, or what an until stage is `as`",
    ),
  until: z.string(),
  target: duration,
});
const lossObjective = z.strictObject({
  ledger: name,
  'lost-at-most': duration.describe('RPO: age of the oldest lost write'),
  'writes-at-most': z.int().min(0).optional(),
});
const availabilityObjective = z.strictObject({
  probe: name,
  'availability-at-least': z.number().min(0).max(1),
});

const criterion = z.strictObject({
  criterion: z.string().describe("beginning of the runbook's criterion, or our own words"),
  check: z.union([
    z
      .strictObject({ probes: z.array(name).min(1), are: z.literal('healthy') })
      .describe('in the settle phase, every slot'),
    z.strictObject({
      probes: z.array(name).min(1),
      'errors-below': z.literal('baseline'),
      'monitored-by': name
        .optional()
        .describe(
          "probe whose value is the same rate as the platform's own monitoring sees it: it may not be above its baseline either",
        ),
    }),
    z
      .strictObject({ probes: z.array(name).min(1), 'values-below': z.literal('baseline') })
      .describe('no value observed in the settle phase is above the highest of the steady phase'),
    verification,
    z.strictObject({ 'not-checked': z.string().describe('why') }),
  ]),
});
export type Criterion = z.infer<typeof criterion>;

const healthChecks = z
  .strictObject({
    section: z
      .string()
      .describe('of the runbook, with lines such as "- Name: http://…", a command or a statement'),
    bind: z.record(z.string(), z.string()).optional().describe('placeholder name → value, in all of them'),
    'sql-role': name.optional().describe('database that statements are for: role, component or instance'),
    'leave-out': z
      .array(z.strictObject({ check: z.string().describe('name: "Label above: label"'), reason: z.string() }))
      .optional()
      .describe('checks that are not asked'),
    'must-notice': z.boolean().optional().describe('fail when no check notices the fault; default false'),
  })
  .describe('health checks of the runbook, asked while the platform is healthy and again after the fault');

const drillBody = {
  title: z.string(),
  description: z.string().optional(),
  scenario: name,
  platform: name.describe('file in platforms/ of that name'),
  environment: z.enum(environmentNames).optional().describe("default: the platform's"),
  runbook: z.string().optional().describe('file name in the runbooks folder'),
  probes: z.array(name).optional().describe('of the platform; default all'),
  ledgers: z.array(name).optional().describe('of the platform; default all'),
  loads: z
    .array(chosenLoad)
    .optional()
    .describe(
      'of the platform, running from before the steady phase until the platform has settled; default none',
    ),
  steady: z
    .strictObject({
      window: duration.optional(),
      within: duration.optional(),
      probes: z
        .array(name)
        .min(1)
        .optional()
        .describe('that must be healthy before anything is broken; default: every probe of the drill'),
    })
    .optional(),
  recovered: z.strictObject({
    probes: z.array(name).min(1),
    hold: duration.describe('how long success and latency must last'),
    'success-ratio': z.number().min(0).max(1).optional().describe('within the hold; default 1'),
    latency: duration.optional().describe("every success within this; default the probe's deadline"),
  }),
  settle: z.strictObject({ window: duration.optional() }).optional(),
  stages: z.array(stage).min(1),
  objectives: z.record(name, z.union([timeObjective, lossObjective, availabilityObjective])),
  criteria: z.array(criterion).optional(),
  coverage: coverage.optional(),
  claims: z.array(claim).optional().describe('what is told about data, checked against the ledgers'),
  updates: updates.optional(),
  'restoration-order': restorationOrder.optional(),
  'health-checks': healthChecks.optional(),
  'must-notice': z
    .array(z.string().min(1))
    .optional()
    .describe(
      'beginnings of commands in procedures that are "compared-with" another: each of them has to answer otherwise after the fault',
    ),
  /** RFC 7396 merge patch on the platform file. */
  adjust: z.record(z.string(), z.unknown()).optional().describe('merge patch (RFC 7396) on the platform'),
};

export const drill = z.strictObject({
  drill: name,
  ...drillBody,
  variants: z
    .record(name, z.record(z.string(), z.unknown()))
    .optional()
    .describe('merge patches (RFC 7396) on this file; each is a drill of its own'),
});
export type Drill = z.infer<typeof drill>;
