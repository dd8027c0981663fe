/** One line that is written and sent by Enter, and is then ready for the next. */
import { useState, type FormEvent, type Ref } from 'react'
import { Icon } from './Icon.tsx'
import { KeyHint } from './KeyHint.tsx'
import styles from './QuickAdd.module.css'

export const QuickAdd = ({
  label,
  keys,
  onAdd,
  fieldRef,
  maxLength = 2_000,
}: {
  label: string
  keys?: string
  onAdd: (text: string) => void
  fieldRef?: Ref<HTMLInputElement>
  maxLength?: number
}) => {
  const [text, setText] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '') return
    onAdd(text.trim())
    setText('')
  }
  return (
    <form className={styles.quick} onSubmit={submit}>
      <Icon name="plus" size={14} />
      <input
        ref={fieldRef}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={maxLength}
        enterKeyHint="send"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {text ? <KeyHint keys="enter" /> : keys ? <KeyHint keys={keys} /> : null}
    </form>
  )
}
