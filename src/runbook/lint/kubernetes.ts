import type { LintFinding, LintRule } from './finding.ts';
import { calls, followedInSection, linesOf, option, type Use } from './uses.ts';

interface Advice {
  readonly rule: string;
  readonly message: string;
  readonly instead: string;
}

function warning(use: Use, advice: Advice): LintFinding {
  return { ...advice, severity: 'warning', lines: linesOf(use) };
}

/** Words that are neither options nor the values of `-n`, `-f` and the like. */
function words({ args }: Use): string[] {
  return args.filter(
    (arg, i) =>
      !arg.startsWith('-') &&
      !/^(?:-[nfplo]|--(?:namespace|patch|filename|selector|output|context))$/.test(args[i - 1] ?? ''),
  );
}

export const grepNotRunning: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter(
      (use, i) =>
        use.program === 'grep' &&
        use.after === '|' &&
        /^-\w*v/.test(use.args[0] ?? '') &&
        use.args.includes('Running') &&
        uses[i - 1]?.program === 'kubectl',
    )
    .map((use) =>
      warning(use, {
        rule: 'grep-not-running',
        message:
          'grep -v exits 1 when every pod is Running, and a Running pod that is not Ready is left out; finished jobs are shown as trouble',
        instead:
          'kubectl get pods --all-namespaces --no-headers | awk \'{ split($3, r, "/") } $4 != "Completed" && ($4 != "Running" || r[1] != r[2])\'',
      }),
    );

export const patchesConfigMap: LintRule = ({ uses }): LintFinding[] => {
  const restarted = followedInSection(uses, (use) => calls(use, 'kubectl', 'rollout', 'restart'));
  return uses.flatMap((use, i) => {
    const [verb, kind = '', name] = use.program === 'kubectl' ? words(use) : [];
    if (verb !== 'patch' || !/^(?:configmaps?|cm)(?:\/|$)/.test(kind) || restarted(i)) return [];
    const map = kind.split('/')[1] ?? name ?? 'config map';
    return [
      warning(use, {
        rule: 'configmap-without-restart',
        message: `running pods do not see the changed ${map}: variables are read at start, and nothing here restarts them`,
        instead:
          'after it: kubectl rollout restart deployment/<name> and kubectl rollout status deployment/<name>',
      }),
    ];
  });
};

export const patchesList: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter(
      (use) =>
        use.program === 'kubectl' &&
        words(use)[0] === 'patch' &&
        /"(?:args|command)"\s*:\s*\[/.test(use.args.join(' ')),
    )
    .filter((use) => option(use, '--type') !== 'json')
    .map((use) =>
      warning(use, {
        rule: 'patch-replaces-list',
        message:
          'a merge patch replaces the whole list of arguments: every one that is not repeated here is lost',
        instead:
          'kubectl patch … --type=json -p \'[{"op":"replace","path":"/spec/template/spec/containers/0/args/<index>","value":"…"}]\'',
      }),
    );

export const scalesByHand: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter((use) => use.program === 'kubectl' && words(use)[0] === 'scale')
    .map((use) =>
      warning(use, {
        rule: 'scale-with-autoscaler',
        message: 'where a HorizontalPodAutoscaler owns this workload it sets the number back at once',
        instead:
          'kubectl get hpa first; where there is one: kubectl patch hpa <name> -p \'{"spec":{"minReplicas":…}}\'',
      }),
    );

export const waitsAfterApply: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter((use, i) => {
      const before = uses[i - 1];
      const waits =
        calls(use, 'kubectl', 'wait') &&
        option(use, '-l', '--selector') !== null &&
        !/^create$/.test(option(use, '--for') ?? '');
      return (
        waits &&
        before !== undefined &&
        before.step.fence === use.step.fence &&
        before.program === 'kubectl' &&
        words(before)[0] === 'apply'
      );
    })
    .map((use) =>
      warning(use, {
        rule: 'wait-after-apply',
        message:
          'right after apply the pods may not exist yet: "no matching resources found", exit 1, nothing waited for',
        instead: 'kubectl rollout status deployment/<name> --timeout=300s',
      }),
    );

export const undoToggles: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter((use) => calls(use, 'kubectl', 'rollout', 'undo') && option(use, '--to-revision') === null)
    .map((use) =>
      warning(use, {
        rule: 'undo-toggles',
        message:
          'run twice, it goes back to the release that was bad: without a revision it means "the one before"',
        instead: `kubectl rollout undo ${words(use)[2] ?? 'deployment/<name>'} --to-revision=<number from rollout history>`,
      }),
    );

export const appliesFolder: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter(
      (use) =>
        use.program === 'kubectl' &&
        words(use)[0] === 'apply' &&
        /^\.\/?$/.test(option(use, '-f', '--filename') ?? ''),
    )
    .filter(({ args }) => !args.includes('-R') && !args.includes('--recursive'))
    .map((use) =>
      warning(use, {
        rule: 'apply-folder',
        message: 'files of subfolders are left out, and what the bad version added stays in the cluster',
        instead:
          'kubectl apply -R -f . and kubectl delete of what was added, or kubectl apply --prune --applyset=…',
      }),
    );

/** A switched context stays switched: every later kubectl of the runbook talks to that cluster. */
export const contextStays: LintRule = ({ uses }): LintFinding[] => {
  const last = uses.findLast((use) => calls(use, 'kubectl', 'config', 'use-context'));
  const later =
    last === undefined
      ? []
      : uses
          .slice(uses.indexOf(last) + 1)
          .filter(({ program, step }) => program === 'kubectl' && step.fence !== last.step.fence);
  if (last === undefined || later.length === 0) return [];
  const context = words(last)[2] ?? '<name>';
  return [
    warning(last, {
      rule: 'context-stays',
      message: `from here on kubectl talks to ${context} in every section below (next: line ${later[0]?.line}), also in those that mean the cluster from before`,
      instead: `kubectl --context ${context} … in the commands that mean it`,
    }),
  ];
};
