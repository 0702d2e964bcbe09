import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calledPrograms } from './words.ts';

describe('calledPrograms', () => {
  it.each<[string, readonly string[]]>([
    ['kubectl get pods | grep -v Running', ['kubectl', 'grep']],
    ['A=1 B="x y" psql -c "select 1; drop"', ['psql']],
    ['cd /srv && ./deploy.sh; make all', ['cd', 'make']],
    ['kubectl get pods \\\n  -n prod \\\n  | wc -l', ['kubectl', 'wc']],
    ['# kubectl is not called\ncurl -s http://api/health', ['curl']],
    ['if systemctl is-active x; then redis-cli ping; fi', ['systemctl', 'redis-cli']],
    ['timeout 5 psql -l', ['timeout', 'psql']],
    ['nohup kubectl port-forward svc/x 80:80 &\nsleep 1', ['kubectl', 'sleep']],
    ['> out.txt curl x', ['curl']],
    ['hosts=(a b); x+=(c) psql', ['psql']],
    ['curl -s x 2>&1 | jq .', ['curl', 'jq']],
    ['curl -s x &> log; jq .', ['curl', 'jq']],
    ['(cd x && git pull)', ['cd', 'git']],
    ['for i in a b; do kubectl get $i; done', ['kubectl']],
    ['for ((i = 0; i < 3; i++)); do x; done', []],
    ['git checkout <last-good-commit>', ['git']],
  ])('%j', (text, programs) => expect(calledPrograms(text)).toEqual(programs));

  it.each<[string, string]>([
    ['a fallback', 'pg_isready || nc -z db 5432'],
    ['a function of its own', 'nc() { echo no; }; nc -z db'],
    ['a program that is looked for first', 'command -v nc >/dev/null && nc -z db'],
    ['a here-document', 'cat > x <<EOF\nnc -z db\nEOF\necho'],
    ['a quoted here-document that is indented', "cat > x <<-'EOF'\n\tnc -z\n\tEOF\necho"],
    ['what a loop runs over', 'for nc in a b; do echo; done'],
    ['patterns of a case', 'case $x in\nnc) echo;;\nesac'],
    ['quoted text', 'echo "a; nc -z" \'b | nc\''],
    ['an argument', 'echo nc'],
    ['what another PATH may have', 'export PATH=/opt/nc:$PATH\nnc'],
    ['what eval makes', 'eval "$x"; nc'],
  ])('does not name %s', (_, text) => expect(calledPrograms(text)).not.toContain('nc'));

  it('never throws, and takes linear time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a \n\\\'"`$()<>|&;#=-') }),
        (text) => void calledPrograms(text),
      ),
      { numRuns: 300 },
    );
    for (const piece of ['(', '$(', '\\', '"', "'a", '`', '<<A\n', 'a=', '$((', '"$('])
      calledPrograms(piece.repeat(20_000));
  });
});
