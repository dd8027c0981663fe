// What the machine is and how much of it others use meanwhile: a number without these says nothing.
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'

const TICK_MS = 10

export const machineLine = (): string => {
  const processors = cpus()
  const model = processors[0]?.model ?? 'unknown processor'
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return `${processors.length} × ${model}, ${memory} GiB, ${process.platform} ${release()}, Node ${process.version}`
}

export const loadLine = (): string =>
  `load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`

type Stat = { readonly parent: number; readonly name: string; readonly ticks: number; readonly rss: number }

/** One process from /proc; undefined when it is gone. Ticks include those of children that have ended. */
const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const open = text.indexOf('(')
    const close = text.lastIndexOf(')')
    const fields = text.slice(close + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
    const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return {
      parent: Number(fields[1]),
      name: text.slice(open + 1, close),
      ticks,
      rss: Number(resident?.[1] ?? 0) / 1024,
    }
  } catch {
    return undefined
  }
}

export type Process = {
  readonly pid: number
  readonly name: string
  readonly cpuMs: number
  readonly rssMb: number
  readonly command: string
}

/** A process with all its descendants. */
export const processTree = (root: number): Process[] => {
  const all = new Map<number, Stat>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = statOf(Number(entry))
    if (stat) all.set(Number(entry), stat)
  }
  const belongs = (pid: number): boolean => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true
    return false
  }
  return [...all]
    .filter(([pid]) => belongs(pid))
    .map(([pid, { name, ticks, rss }]) => ({
      pid,
      name,
      cpuMs: ticks * TICK_MS,
      rssMb: rss,
      command: commandOf(pid),
    }))
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

export const isPostgres = ({ name, command }: Process): boolean =>
  name.startsWith('postgres') || command.startsWith('postgres:')

/** Processor time that the whole machine has spent since it started, without idling. */
export const machineBusyMs = (): number => {
  const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .split(/\s+/)
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS
}
