/** `fortnight`: the whole command line. */
import { processIo, type Command } from './shell/io.ts'
import { runCommand, type Commands } from './shell/run.ts'
import { importCommand } from './compat/opsgenie/import-command.ts'
import { packCommand } from './evidence/pack.ts'
import { installationCommands } from './installation/index.ts'
import { applyCommand, exportCommand } from './people/configuration.ts'
import { loginCommand, logoutCommand } from './people/login.ts'
import { whoamiCommand } from './people/whoami.ts'
import { alertCommand } from './operations/alert.ts'
import { drillCommand } from './operations/drill.ts'
import { closeCommand, pageCommand } from './operations/page.ts'
import { forwardCommand, overrideCommand, swapCommand, whoCommand } from './operations/on-call.ts'
import { ackCommand, alertsCommand, pagesCommand } from './operations/paging.ts'
import { decideCommand, decisionsCommand } from './operations/decide.ts'
import { attachCommand, logCommand } from './operations/operator-log.ts'
import { rulesCommand } from './operations/rules.ts'
import { recordCommand } from './record/command.ts'

/** Loaded when asked for: an acknowledgement at night should not wait for the verifier. */
const verifyCommand: Command = {
  usage: 'fortnight verify pack.zip [--policy keys.txt] [--since kept.note]',
  about: 'Verify an audit pack offline. Exit 0 verified, 1 tampered, 2 not established, 3 wrong usage.',
  run: async (argv, io) => (await import('./verify/run-verify.ts')).runVerify(argv, io),
}

const commands: Commands = {
  login: loginCommand,
  logout: logoutCommand,
  whoami: whoamiCommand,
  who: whoCommand,
  override: overrideCommand,
  forward: forwardCommand,
  swap: swapCommand,
  alerts: alertsCommand,
  alert: alertCommand,
  rules: rulesCommand,
  pages: pagesCommand,
  ack: ackCommand,
  drill: drillCommand,
  page: pageCommand,
  close: closeCommand,
  decide: decideCommand,
  decisions: decisionsCommand,
  record: recordCommand,
  log: logCommand,
  attach: attachCommand,
  apply: applyCommand,
  export: exportCommand,
  import: importCommand,
  pack: packCommand,
  verify: verifyCommand,
  ...installationCommands,
}

process.exitCode = await runCommand(commands, process.argv.slice(2), processIo())
