/** What the command menu offers besides places: views add what can be done with the record on screen. */
import { useEffect, useRef } from 'react'
import type { IconName } from '../parts/Icon.tsx'

export type Command = {
  readonly id: string
  readonly label: string
  readonly keys?: string
  readonly icon?: IconName
  readonly run: () => void
}
/** `subject` names the record, as `acme-prod/I-3 Disk full`. */
export type CommandGroup = { readonly subject: string; readonly commands: readonly Command[] }

const groups: { current: CommandGroup }[] = []

export const useCommands = (group: CommandGroup): void => {
  const latest = useRef(group)
  useEffect(() => {
    latest.current = group
  })
  useEffect(() => {
    groups.push(latest)
    return () => void groups.splice(groups.indexOf(latest), 1)
  }, [])
}

export const currentCommands = (): readonly CommandGroup[] =>
  groups
    .map(({ current }) => current)
    .filter(({ commands }) => commands.length > 0)
    .toReversed()
