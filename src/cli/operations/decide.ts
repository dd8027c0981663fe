/** `fortnight decide`: records a decision from the shell; inside a recorded look it becomes the decision of the session. */
import { parseArgs } from 'node:util'
import { decisionRoutes } from '../../contract/operations/decision-log.ts'
import { operatorLogRoutes } from '../../contract/operations/operator-log.ts'
import { attachDecision, isInsideRecording, SESSION_VARIABLE } from '../record/inside.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { ask } from '../shell/prompt.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { table } from '../shell/table.ts'

const options = {
  environment: { type: 'string', short: 'e' },
  decision: { type: 'string', short: 'd' },
  what: { type: 'string' },
  why: { type: 'string' },
  risk: { type: 'string' },
  rollback: { type: 'string' },
  incident: { type: 'string' },
  proposed: { type: 'boolean' },
} as const

type Values = { [K in keyof typeof options]?: K extends 'proposed' ? boolean : string }

/** Asked in the order in which a tired person can answer; nothing is invented for them. */
const complete = async (
  values: Values,
  io: Io,
): Promise<Required<Pick<Values, 'what' | 'why' | 'risk' | 'rollback'>>> => {
  const need = async (name: 'what' | 'why' | 'risk' | 'rollback', question: string): Promise<string> => {
    const given = values[name]
    if (given?.trim()) return given
    if (!io.isTerminal || !process.stdin.isTTY) throw usageFault(`Say --${name}.`)
    for (;;) {
      const answer = await ask(question)
      if (answer) return answer
      // Enter pressed too early must not cost the answers already given.
      io.err(`A decision says its ${name}. Ctrl-C leaves without recording one.`)
    }
  }
  const what = await need('what', 'What will be changed? ')
  const why = await need('why', 'Why? ')
  const risk = await need('risk', 'What is the risk ("none known" is an answer)? ')
  return { what, why, risk, rollback: await need('rollback', 'How is it rolled back? ') }
}

/** Inside a recording the environment and the incident are the session's own. */
const aroundUs = async (
  connection: Connection,
  io: Io,
): Promise<{ environment?: string; incident?: string }> => {
  const session = io.env[SESSION_VARIABLE]
  if (!session || !isInsideRecording(io.env)) return {}
  try {
    const recording = await call(connection, operatorLogRoutes.getRecording, { recordingId: session })
    return {
      environment: recording.environment.slug,
      ...(recording.incidentId ? { incident: recording.incidentId } : {}),
    }
  } catch {
    return {}
  }
}

const record = async (connection: Connection, values: Values, io: Io) => {
  const around = await aroundUs(connection, io)
  const environment = values.environment ?? around.environment
  if (!environment) throw usageFault('Name the environment: --environment acme-prod.')
  const incidentId = values.incident ?? around.incident
  const terms = await complete(values, io)
  return call(connection, decisionRoutes.recordDecision, {
    ...terms,
    environment,
    options: [],
    validUntil: null,
    ...(values.proposed ? {} : { cooperation: { kind: 'internal' as const } }),
    ...(incidentId ? { incidentId } : {}),
  })
}

const decide = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({ args: [...argv], options })
  const connection = needConnection(io.env)
  const named = values.decision
  const decision = named ? undefined : await record(connection, values, io)
  const name = named ?? decision?.number ?? ''
  if (decision)
    io.out(`${decision.environment.slug}/${decision.number} ${decision.status}: ${printable(decision.what)}`)
  if (!isInsideRecording(io.env)) {
    if (decision?.status === 'decided')
      io.err(`Change it with: fortnight record -e ${decision.environment.slug} -d ${decision.number}`)
    return 0
  }
  if (values.proposed) {
    io.out('It is proposed and not decided: this shell keeps looking.')
    return 0
  }
  const attached = await attachDecision(io.env, name)
  if (!attached.ok)
    throw new CommandFault(`${name} is recorded, but this shell could not be told: ${attached.detail}.`)
  io.out(`From the next prompt on, this session is a change under ${name}.`)
  return 0
}

export const decideCommand: Command = {
  usage:
    'fortnight decide [--environment acme-prod] [--what … --why … --risk … --rollback …] [--decision D-12] [--incident ID] [--proposed]',
  about:
    'Record a decision; inside `fortnight record --look` the session becomes a change under it. Asks for what is not given.',
  run: decide,
}

export const decisionsCommand: Command = {
  usage: 'fortnight decisions [--environment acme-prod] [--owed] [--json]',
  about: 'List decisions, newest first; --owed those that a broken glass still owes.',
  run: async (argv, io) => {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        environment: { type: 'string', short: 'e' },
        owed: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
    const input = {
      limit: 50,
      ...(values.environment ? { environment: values.environment } : {}),
      ...(values.owed ? { owed: 'true' as const } : {}),
    }
    const { rows } = await call(needConnection(io.env), decisionRoutes.listDecisions, input)
    if (values.json) io.out(jsonText(rows))
    else if (rows.length === 0) io.out('No decision is recorded here yet. `fortnight decide` records one.')
    else
      table(
        ['DECISION', 'STATUS', 'BY', 'WHAT'],
        rows.map((row) => [`${row.environment.slug}/${row.number}`, row.status, row.openedBy.name, row.what]),
        io.columns,
      ).forEach(io.out)
    return 0
  },
}
