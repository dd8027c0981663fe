/** What was typed, in order: press one to watch it; its address can be copied to somebody else. */
import { useMemo, useState } from 'react'
import { duration, playingTime } from '../../messages/format.ts'
import { classes } from '../../parts/classes.ts'
import { Icon } from '../../parts/Icon.tsx'
import styles from './Recording.module.css'
import type { Recording } from './queries.ts'
import { t } from './words.ts'

type Command = Recording['commands'][number]
type Authority = Recording['authorities'][number]

/** Seconds from the beginning of the recording. */
export const secondsOf = (recording: Recording, command: Command): number =>
  Math.max(0, (command.startedAt - recording.startedAt) / 1000)

const authorityText = (recording: Recording, { kind, decisionId }: Authority): string => {
  if (kind === 'look') return t('authority-look')
  const number = decisionId !== null && recording.decision?.id === decisionId ? recording.decision.number : ''
  return kind === 'decided' ? t('authority-decided', { number }) : t('authority-break-glass', { number })
}

const One = ({
  command,
  seconds,
  current,
  show,
}: {
  command: Command
  seconds: number
  current: boolean
  show: (seconds: number) => void
}) => (
  <li className={styles.command} data-current={current || undefined}>
    <button type="button" onClick={() => show(seconds)} aria-current={current ? 'step' : undefined}>
      <span className={styles.offset}>{playingTime(seconds)}</span>
      <code>{command.command}</code>
      <span className={styles.after}>
        {command.exitCode === null || command.exitCode === 0 ? null : (
          <span className={styles.exit}>{t('exit-code', { code: command.exitCode })}</span>
        )}
        {command.durationMs !== null && command.durationMs > 1500 ? duration(command.durationMs) : null}
      </span>
    </button>
  </li>
)

export const CommandList = ({
  recording,
  at,
  show,
}: {
  recording: Recording
  /** Where the playing is, in seconds; undefined before it was begun. */
  at: number | undefined
  show: (seconds: number) => void
}) => {
  const [words, setWords] = useState('')
  const { commands, authorities } = recording
  const rightsAt = useMemo(
    () => new Map(authorities.map((right) => [right.fromCommand, right])),
    [authorities],
  )
  const found = commands.filter(({ command }) => command.toLowerCase().includes(words.toLowerCase().trim()))
  const current =
    at === undefined ? undefined : commands.findLast((command) => secondsOf(recording, command) <= at + 0.3)
  if (commands.length === 0) return <p className={classes('dim', styles.none)}>{t('no-commands')}</p>
  return (
    <>
      {commands.length > 8 ? (
        <label className={styles.find}>
          <Icon name="search" size={14} />
          <span className="visually-hidden">{t('find-command')}</span>
          <input
            type="search"
            placeholder={t('find-command')}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      ) : null}
      <ol className={styles.commands} aria-label={t('commands')}>
        {found.map((command) => {
          const right = rightsAt.get(command.n)
          return (
            <li key={command.n}>
              {right && (authorities.length > 1 || right.kind !== 'look') ? (
                <p className={classes(styles.authority, right.kind === 'break-glass' && styles.flagged)}>
                  {t('authority')}: {authorityText(recording, right)}
                </p>
              ) : null}
              <ul>
                <One
                  command={command}
                  seconds={secondsOf(recording, command)}
                  current={current?.n === command.n}
                  show={show}
                />
              </ul>
            </li>
          )
        })}
      </ol>
    </>
  )
}
