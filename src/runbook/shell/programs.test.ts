import { describe, expect, it } from 'vitest';
import { looksLikeCommand, looksLikeScript, programOf } from './programs.ts';

describe('looksLikeCommand', () => {
  it.each([
    'kubectl get pods',
    'sudo systemctl restart nginx',
    'FOO=1 ./run.sh --x',
    'pg_isready -h <host> -p 5432',
    'python -m cli backup list',
    '/opt/x/bin/restore all',
    'aws rds describe-db-instances',
    'redis-cli -h x ping',
  ])('takes %s', (line) => expect(looksLikeCommand(line)).toBe(true));

  it.each([
    'find the cause',
    'test the failover',
    'time is short',
    'AWS RDS:',
    'Subject: outage',
    'docker is down',
    'NAME READY STATUS',
    '#channel',
    'http://orchestrator:8000/health',
    'Check the pods',
    'kubectl',
    '- AWS: x',
    '/',
  ])('leaves %s', (line) => expect(looksLikeCommand(line)).toBe(false));
});

it('takes keywords and assignments for a script too', () => {
  expect(['X=1', 'for i in 1; do', 'uptime'].map(looksLikeScript)).toEqual([true, true, true]);
  expect(looksLikeScript('We are sorry')).toBe(false);
});

it('sees the program past sudo and assignments', () => {
  expect(programOf('A=1 sudo -E patronictl list')).toBe('patronictl');
  expect(programOf('')).toBe('');
});
