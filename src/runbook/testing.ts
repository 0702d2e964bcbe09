import { parseRunbook } from './parse.ts';
import type { Step } from './runbook.ts';

export const stepsOf = (text: string): Step[] => parseRunbook(text).sections.flatMap(({ steps }) => steps);
export const commands = (text: string) =>
  stepsOf(text).flatMap((step) => (step.kind === 'command' ? [step.text] : []));
export const manual = (text: string) =>
  stepsOf(text).flatMap((step) => (step.kind === 'manual' ? [step.text] : []));
export const fence = (info: string, body: string) => `# R\n\n\`\`\`${info}\n${body}\n\`\`\`\n`;
