/** Width that the text below is wrapped at; narrower terminals get it from the parser. */
export const helpWidth = 100;

/** What the parser says at that width; a test tells when it is no longer so. */
export const helpText = `drillbook <command>

Rehearses disasters by your own runbook, and proves what came back, how fast, and what was lost.

Commands:
  drillbook run [drills..]    Run drills and print their verdicts; with none named, every drill of
                              the local environment
  drillbook list              List drills, their variants, and whether they are valid
  drillbook plan <drill>      Show what a drill would do, step by step; changes nothing
  drillbook lint              Check every definition of the project; runbooks: see \`drillbook
                              runbook lint\`
  drillbook doctor            Tell what this machine can run, and how to get the rest
  drillbook heal [run]        Heal and remove what a killed or kept run left behind, from its
                              journal alone
  drillbook report <run>      Judge the journal of a run again and write its reports anew
  drillbook runbook <action>  Read or check a runbook
  drillbook schema [name]     Print the JSON Schema of a file you write or read, or their names

Options:
      --version  Show the version                                                          [boolean]
  -h, --help     Show help                                                                 [boolean]

Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 wrong definition or command line, 4 refused.`;
