/** Where alerts are asked for: completes fields as they are typed, and says where a question is not understood. */
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { hintsAt } from '../../../domain/operations/alerts/query/hints.ts'
import { parseQuery } from '../../../domain/operations/alerts/query/parse-query.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import filter from '../../parts/Filter.module.css'
import { Icon } from '../../parts/Icon.tsx'
import { useKeys } from '../../parts/keys.ts'
import styles from './QueryField.module.css'
import { t } from './words.ts'

const SETTLE_MS = 300
const LONGEST = 1_000

const faultOf = (text: string): string | undefined => {
  const query = parseQuery(text)
  return isRefusal(query) ? query.detail : undefined
}

/** The address follows when the typing rests and the question is understood. */
const useQueryText = (value: string | undefined, onChange: (value: string | undefined) => void) => {
  const [text, setText] = useState(value ?? '')
  const [known, setKnown] = useState(value)
  const [fault, setFault] = useState<string>()
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
    const timer = window.setTimeout(() => {
      const wrong = faultOf(text)
      setFault(wrong)
      if (wrong === undefined && text.trim() !== (value ?? '')) changed.current(text.trim() || undefined)
    }, SETTLE_MS)
    return () => window.clearTimeout(timer)
  }, [text, value])
  return { text, setText, fault }
}

export const QueryField = ({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (value: string | undefined) => void
}) => {
  const { text, setText, fault } = useQueryText(value, onChange)
  const [cursor, setCursor] = useState(0)
  const [open, setOpen] = useState(false)
  const [marked, setMarked] = useState(-1)
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const caret = useRef<number>(undefined)
  // At once with the text: whoever types on must not find the cursor somewhere else.
  useLayoutEffect(() => {
    if (caret.current === undefined) return
    field.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })
  const { from, to, hints } = hintsAt(text, cursor)
  const shown = open ? hints : []
  // `f` as in every other list; `/` goes here and not to the menu.
  useKeys(['f', '/'].map((keys) => ({ keys, label: t('search-key'), run: () => field.current?.focus() })))
  const take = (hint: string): void => {
    const next = `${text.slice(0, from)}${hint}${text.slice(to)}`
    setText(next)
    setMarked(-1)
    setCursor(from + hint.length)
    caret.current = from + hint.length
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const hint = shown[marked]
    if (event.key === 'Escape') {
      if (shown.length > 0) setOpen(false)
      else event.currentTarget.blur()
    } else if (by !== undefined && shown.length > 0) {
      event.preventDefault()
      setMarked((marked + by + shown.length) % shown.length)
    } else if ((event.key === 'Enter' || event.key === 'Tab') && hint) {
      event.preventDefault()
      take(hint.text)
    }
  }
  return (
    <div className={styles.query}>
      <label className={filter.search} data-wrong={fault !== undefined || undefined}>
        <Icon name="search" size={14} />
        <span className="visually-hidden">{t('search')}</span>
        <input
          ref={field}
          type="search"
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-hints`}
          aria-activedescendant={marked >= 0 && shown[marked] ? `${id}-${marked}` : undefined}
          aria-autocomplete="list"
          aria-invalid={fault !== undefined || undefined}
          aria-describedby={fault === undefined ? undefined : `${id}-fault`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={t('search')}
          value={text}
          maxLength={LONGEST}
          onChange={(event) => {
            setText(event.target.value)
            setCursor(event.target.selectionStart ?? event.target.value.length)
            setMarked(-1)
            setOpen(true)
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </label>
      {/* The list of a combobox: the browser's own cannot complete a part of a line. */}
      {/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div
        id={`${id}-hints`}
        role="listbox"
        aria-label={t('search-hints')}
        className={styles.hints}
        hidden={shown.length === 0}
      >
        {shown.map((hint, place) => (
          <div
            key={hint.text}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === marked}
            className={styles.hint}
            onMouseDown={(event) => {
              event.preventDefault()
              take(hint.text)
            }}
          >
            <span className="mono">{hint.text}</span>
            <span className="dim">{hint.about}</span>
          </div>
        ))}
      </div>
      {/* oxlint-enable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      {fault === undefined ? null : (
        <output id={`${id}-fault`} className={styles.fault}>
          {fault}
        </output>
      )}
    </div>
  )
}
