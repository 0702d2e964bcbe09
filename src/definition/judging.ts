import { z } from 'zod';
import { name } from './name.ts';

/** What a drill wants to have judged of a whole runbook, beside its objectives and criteria. */

const section = z
  .string()
  .describe('headings of the runbook from the top, joined by " > "; the last may be enough if unique');

/** One step of the runbook, wherever in it: the way procedures name their steps, with the section before it. */
const stepReference = {
  section,
  command: z.string().optional().describe('beginning of a command of the section'),
  nth: z.int().positive().optional().describe('which of several equal commands, from 1'),
  manual: z
    .strictObject({ phase: z.int().positive().optional(), step: z.int().positive() })
    .optional()
    .describe('a manual step of the section: phase and ordinal within it'),
};
export type StepReference = z.infer<z.ZodObject<typeof stepReference>>;

const apart = z
  .strictObject({
    ...stepReference,
    'not-applicable': z.string().min(1).optional().describe('why nobody does it in this outage'),
    'left-to-people': z.string().min(1).optional().describe('why no program can do it'),
  })
  .describe(
    'a step, or (neither command nor manual) what no procedure takes of a section and those under it',
  );
export type Apart = z.infer<typeof apart>;

export const coverage = z
  .strictObject({
    'commands-at-least': z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("share of the runbook's commands that have to be executed; default: told, not judged"),
    apart: z.array(apart).optional().describe('what the procedures of this drill do not take, and why'),
  })
  .describe(
    'this drill goes through the whole runbook: every step of it is run, performed, left to people or not applicable',
  );
export type Coverage = z.infer<typeof coverage>;

const update = z.strictObject({
  says: z.string().min(1).describe('the interval in the words of the runbook: "every 15 minutes"'),
  by: z
    .array(z.strictObject(stepReference))
    .min(1)
    .describe('steps that are such an update each time a procedure takes one of them'),
});
export const updates = z
  .record(name, update)
  .describe('who is told how things are, and how often: judged with the time of people');
export type Updates = z.infer<typeof updates>;

export const claim = z.strictObject({
  says: z.string().min(1).describe('what is told, in the words of the runbook (or of what was told)'),
  ledgers: z.array(name).min(1).describe('that lost no acknowledged write, if it is true'),
  'told-by': name
    .optional()
    .describe(
      'procedure in whose output the words stand when they were told; default: the runbook says them, told or not',
    ),
});
export type Claim = z.infer<typeof claim>;

export const restorationOrder = z
  .array(name)
  .min(2)
  .describe('probes in the order in which what they observe has to be back for good');
