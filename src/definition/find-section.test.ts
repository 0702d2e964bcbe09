import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { findSection } from './find-section.ts';

const runbook = parseRunbook(`# Playbook

## 1. Database failure

### Response Steps

## 2. MCP Failure

### Response Steps

## Scenario B: Cluster

## 3. Rollback

## 4. Rollback
`);

function found(query: string): string {
  const lookup = findSection(runbook, query, 'playbook.md');
  if ('found' in lookup) return `line ${lookup.found.lines.from}`;
  return lookup.suggestion === null ? lookup.problem : `${lookup.problem} → ${lookup.suggestion}`;
}

describe('findSection', () => {
  it.each([
    ['1. Database failure > Response Steps', 'line 5'],
    ['Database Failure > response steps', 'line 5'],
    ['MCP failure  >  Response Steps'.replaceAll('  ', ' '), 'line 9'],
    ['Scenario B: Cluster', 'line 11'],
    ['database failure', 'line 3'],
    ['3. rollback', 'line 13'],
    ['4. Rollback', 'line 15'],
  ])('finds %j', (query, where) => expect(found(query)).toBe(where));

  it('says where a heading stands that is not unique', () => {
    expect(found('Response Steps')).toBe(
      '2 sections of playbook.md are named "Response Steps": "1. Database failure > Response Steps" (line 5), "2. MCP Failure > Response Steps" (line 9); write more of the path',
    );
    expect(found('Rollback')).toContain('2 sections of playbook.md');
  });

  it.each([
    ['Databse failure', 'the runbook playbook.md has no section "Databse failure" → 1. Database failure'],
    [
      'Database Failure > Respons Steps',
      'the runbook playbook.md has no section "Database Failure > Respons Steps" → 1. Database failure > Response Steps',
    ],
    [
      '9. Respons Step',
      'the runbook playbook.md has no section "9. Respons Step" → 1. Database failure > Response Steps',
    ],
  ])('suggests for %j', (query, said) => expect(found(query)).toBe(said));

  it('lists what there is when nothing is near', () =>
    expect(found('Xyzzy')).toMatch(
      /^the runbook playbook\.md has no section "Xyzzy"; it has "Playbook"?.*"4\. Rollback"$|"1\. Database failure"/,
    ));
});
