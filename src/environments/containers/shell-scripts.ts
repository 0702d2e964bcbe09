import { commandLoop } from '../toolbox/scripts.ts';

/**
 * The bash programs of shells in containers, as text that reaches bash by `-c`: an image needs bash 4.3 or newer, and
 * nothing else but what its runbooks call. They use no file but /proc.
 */

/** Variable that every process of a shell carries: `SHELLS.NUMBER`. */
export const sessionVariable = 'DRILLBOOK_SESSION';

/** Sets `pids` to the processes that carry the variable with a value that begins with $1. */
const findMarked = `
find_marked() {
  local folder variable
  pids=()
  for folder in /proc/[0-9]*; do
    while IFS= read -r -d '' variable; do
      case $variable in "${sessionVariable}=$1"*) pids+=("\${folder#/proc/}"); break ;; esac
    done 2>/dev/null <"$folder/environ"
  done 2>/dev/null
}
`;

/**
 * Ends the processes that carry a session's variable: politely, and 1 s later for certain. Argument: what the variable's value
 * begins with, whether politely (`TERM`) or at once (`KILL`). Says which it took. Waits on its standard input, which is silent.
 */
export const ender = `
${findMarked}
exec 2>/dev/null
declare -A told
took=SIGTERM
[ "$2" = TERM ] || took=SIGKILL
for round in {1..200}; do
  find_marked "$1"
  [ \${#pids[@]} -gt 0 ] || break
  [ $round -le 40 ] || took=SIGKILL
  for pid in "\${pids[@]}"; do
    if [ $took = SIGKILL ]; then kill -KILL "$pid"
    elif [ -z "\${told[$pid]}" ]; then kill -TERM "$pid"; told[$pid]=1; fi
  done
  read -r -t 0.025
done
echo "$took \${#pids[@]}"
`;

/**
 * Runs in the shell: $1 is the supervisor, whose descriptor 119 has the text. A file of bash's own making would need a
 * folder to write to, and process substitution in this shell would change its `$!`.
 */
const driver = `
exec </dev/null 122>&2
__drillbook_text=/proc/$1/fd/119
set --
${commandLoop('. "$__drillbook_text"')}`;

/** How bash names the place that a command's text was read from. */
export const textPath = /\/proc\/\d+\/fd\/119: /g;

/**
 * Starts one shell after the other and passes requests on to it. Each is a line on standard input, `MARK:types:WORD…` or
 * `MARK:run:TEXT` with TEXT as `printf %b` takes it, and is answered on standard output by the line `MARK` + answer and on standard
 * error by the line `MARK`. Only this process knows the mark. Answers: a type for each word; `end STATUS`, the command's; `exit STATUS`, the shell's.
 * When standard input ends, drillbook is gone, and everything that was started here ends. Argument: the session.
 */
export const supervisor = `
exec 123<&0 124>&1 125>&2 </dev/null >/dev/null 2>&1
${findMarked}
set -m
session=$1 driver=$2 running= shell=
start() {
  # New pipes, both ends open here: nothing stays in them that was meant for the shell before, nor breaks when it ends.
  exec 120<> <(:) 121<> <(:)
  {
    "$BASH" --noprofile --norc -c "$driver" bash $$ >&124 2>&125 119<&- 123<&- 124>&- 125>&-
    printf 'exit %s\\n' $? >&121
  } &
  shell=$! running=1
}
leave() {
  for round in {1..50}; do
    find_marked "$session"
    [ \${#pids[@]} -gt 1 ] || break
    for pid in "\${pids[@]}"; do [ $pid = $$ ] || kill -KILL $pid; done
  done
  exit
}
answer() {
  until IFS= read -r -t 1 -u 121 line; do
    if read -t 0 -u 123; then leave; fi
    kill -0 $shell || read -t 0 -u 121 || { line='exit 137'; break; }
  done
  case $line in exit*) running= ;; esac
}
while IFS=: read -r -u 123 mark verb rest; do
  if [ -n "$running" ] && read -t 0 -u 121; then running=; fi
  [ -n "$running" ] || start
  if [ "$verb" = run ]; then
    exec 119< <(exec 123<&- 124>&- 125>&-; printf %b "$rest")
    echo run >&120
    answer
    said=$line
    exec 119<&-
  else
    echo "types $rest" >&120
    said=
    for word in $rest; do
      answer
      said="$said $line"
      [ -n "$running" ] || break
    done
  fi
  printf '%s%s\\n' "$mark" "$said" >&124
  printf '%s\\n' "$mark" >&125
done
leave
`;

/** What starts a session's supervisor. */
export function sessionCommand(session: string): string[] {
  return ['bash', '--noprofile', '--norc', '-c', supervisor, 'drillbook-session', session, driver];
}

/** A text as the supervisor takes it, in one line. */
export function oneLine(text: string): string {
  return `${text}\n`.replaceAll('\0', '').replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
