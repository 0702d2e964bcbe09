import { describe, expect, it } from 'vitest';
import { databaseAccess, filler, ownValues, secretsInUse } from './substitution.ts';
import { api, database, testRun } from './testing.ts';

const run = testRun({ database, api });
const [cluster] = run.layout.components;
if (cluster === undefined) throw new Error('no component');
const [, replica] = cluster.instances;
if (replica === undefined) throw new Error('no member');
const fill = filler(run, 'database', ownValues(cluster, replica));

describe('what is filled into texts of a platform file', () => {
  it.each([
    ['${member} ${port}', 'db-replica-1 5432'],
    ['${address} ${db-primary.address} ${api.address}', '10.100.7.11 10.100.7.10 10.100.7.12'],
    ['${api.example.com}:${api.port}', 'api.example.com:8080'],
    ['${database.user}@${database.database}', 'app@app'],
    ['${certificate.ca} ${certificate.edge}', 'CA EDGE'],
    ['$${member} $HOME', '${member} $HOME'],
  ])('%s is %s', (text, filled) => expect(fill(text)).toBe(filled));

  it('what is wished of a database is there in the words of its server', () => {
    const { postgresql } = database.speaks;
    const wished = { synchronous: true, settings: { max_connections: 40, search_path: "it's" } };
    const store = { ...database, speaks: { postgresql: { ...postgresql, ...wished } } };
    const text = '${database.synchronous}\n${database.settings}';
    expect(filler(testRun({ database: store, api }), 'database')(text)).toBe(
      "on\nmax_connections = '40'\nsearch_path = 'it''s'\n",
    );
    expect(fill(text)).toBe('off\n');
  });

  it('a secret is the same wherever it stands, and another one than the next', () => {
    const secret = fill('${secret.app}');
    expect(secret).not.toContain('$');
    expect(fill('${database.password}')).toBe(secret);
    expect(databaseAccess(run, cluster)).toMatchObject({ password: secret });
    expect(fill('${secret.admin}')).not.toBe(secret);
    expect(secretsInUse(run)).toEqual([secret, fill('${secret.admin}')]);
  });

  it('a name that means nothing is refused, with the nearest', () => {
    expect(() => fill('${databse.user}')).toThrow(
      /^database: \$\{databse\.user\} means nothing here, did you mean \$\{database\.user\}\?/,
    );
  });

  it("another component's own values are not there without it", () => {
    expect(() => filler(run, 'toolbox')('${member}')).toThrow(/^toolbox: \$\{member\} means nothing here/);
  });

  it('what speaks no PostgreSQL has no login', () => {
    expect(run.layout.components.map((each) => databaseAccess(run, each) === null)).toEqual([false, true]);
  });
});
