/** What narrows a list; each choice is part of the address. */
import { useEffect, useRef, useState } from 'react'
import { Icon } from './Icon.tsx'
import { useKeys } from './keys.ts'
import styles from './Filter.module.css'

/** One choice in a pill; the browser's own list opens on it. */
export const FilterSelect = ({
  label,
  value,
  choices,
  any,
  onChange,
}: {
  label: string
  value: string | undefined
  choices: readonly { readonly value: string; readonly label: string }[]
  /** What the empty choice is called. */
  any: string
  onChange: (value: string | undefined) => void
}) => (
  <label className={styles.pill} data-set={value !== undefined || undefined}>
    <span>{label}</span>
    <select value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">{any}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
    <Icon name="down" size={12} />
  </label>
)

const SETTLE_MS = 250

/** Words to look for: the address follows when the typing rests. */
export const SearchField = ({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) => {
  const [text, setText] = useState(value ?? '')
  const [known, setKnown] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  // The address changed by other means (back, a link): it wins.
  if (known !== value) {
    setKnown(value)
    if ((value ?? '') !== text.trim()) setText(value ?? '')
  }
  const changed = useRef(onChange)
  useEffect(() => {
    changed.current = onChange
  })
  useEffect(() => {
    if (text.trim() === (value ?? '')) return
    const timer = window.setTimeout(() => changed.current(text.trim() || undefined), SETTLE_MS)
    return () => window.clearTimeout(timer)
  }, [text, value])
  useKeys([{ keys: 'f', label, run: () => field.current?.focus() }])
  return (
    <label className={styles.search}>
      <Icon name="search" size={14} />
      <span className="visually-hidden">{label}</span>
      <input
        ref={field}
        type="search"
        placeholder={label}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    </label>
  )
}
