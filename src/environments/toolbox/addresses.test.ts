import { describe, expect, it } from 'vitest';
import { foreignAddress } from './addresses.ts';

describe('foreignAddress', () => {
  it.each([
    ['curl http://10.0.3.4:8080/health', '10.0.3.4'],
    ['ping 8.8.8.8', '8.8.8.8'],
    ['curl http://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['psql -h 2001:db8::1', '2001:db8::1'],
    ['curl "http://[fe80::1]:80/"', 'fe80::1'],
    ['curl 127.0.0.1 && curl 192.168.1.1', '192.168.1.1'],
  ])('%s', (text, address) => expect(foreignAddress(text)).toBe(address));

  it.each([
    'curl http://127.0.0.1:8080/ http://127.9.8.7/',
    'curl "http://[::1]:80/"',
    'echo 12:30:45 2026-11-02T10:00:00',
    'aws rds describe-db-instances --arn arn:aws:rds:us-east-1::db:replica',
    'aws iam get-role arn:aws:iam::123456789012:role/x',
    'kubectl set image deployment/api api=registry/api:v1.2.3',
    'echo 999.1.2.3 1.2.3 1.2.3.4.5',
    'std::vector a:b',
  ])('%s names none', (text) => expect(foreignAddress(text)).toBeNull());
});
