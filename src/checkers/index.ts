import { affectedUsers } from './affected-users.ts';
import { availability } from './availability.ts';
import type { Checker } from './checker.ts';
import { claims } from './claims.ts';
import { cleanup } from './cleanup.ts';
import { comparedAnswers } from './compared-answers.ts';
import { criteria } from './criteria.ts';
import { escalation } from './escalation.ts';
import { faultStatus } from './fault-status.ts';
import { harness } from './harness.ts';
import { healthChecks } from './health-checks.ts';
import { load } from './load.ts';
import { provedBy } from './proved-by.ts';
import { recoveryPhases } from './recovery-phases.ts';
import { restoration } from './restoration.ts';
import { revived } from './revived.ts';
import { rpo } from './rpo.ts';
import { rto } from './rto.ts';
import { runbook } from './runbook.ts';
import { updates } from './updates.ts';
import { validity } from './validity.ts';
import { wholeRunbook } from './whole-runbook.ts';

/** Every question that is asked of a run. A new one is one file and one line here. */
export const allCheckers: readonly Checker[] = [
  validity,
  faultStatus,
  harness,
  load,
  provedBy,
  rto,
  recoveryPhases,
  availability,
  affectedUsers,
  restoration,
  rpo,
  criteria,
  runbook,
  wholeRunbook,
  healthChecks,
  comparedAnswers,
  escalation,
  updates,
  claims,
  cleanup,
  revived,
];
