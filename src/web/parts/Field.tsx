/** Form fields: a label that stays, a hint, and the fault right where it is. */
import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'
import { classes } from './classes.ts'
import { t } from './words.ts'
import styles from './Field.module.css'

type Common = {
  readonly label: string
  readonly hint?: ReactNode
  readonly fault?: string | undefined
  readonly optional?: boolean | undefined
  readonly className?: string | undefined
}

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

const Field = ({
  label,
  hint,
  fault,
  optional,
  className,
  children,
}: Common & { children: (wiring: Wiring) => ReactNode }) => {
  const id = useId()
  const noteId = `${id}-note`
  const wiring: Wiring = {
    id,
    ...(hint || fault ? { 'aria-describedby': noteId } : {}),
    ...(fault ? { 'aria-invalid': true as const } : {}),
  }
  return (
    <div className={classes(styles.field, className)}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className={styles.optional}> {t('optional')}</span> : null}
      </label>
      {children(wiring)}
      {fault || hint ? (
        <p id={noteId} className={fault ? styles.fault : styles.hint}>
          {fault ?? hint}
        </p>
      ) : null}
    </div>
  )
}

export const TextField = ({
  label,
  hint,
  fault,
  optional,
  className,
  mono,
  ...input
}: Common & { mono?: boolean } & InputHTMLAttributes<HTMLInputElement>) => (
  <Field {...{ label, hint, fault, optional, className }}>
    {(wiring) => <input {...input} {...wiring} className={classes(styles.control, mono && styles.mono)} />}
  </Field>
)

export const TextArea = ({
  label,
  hint,
  fault,
  optional,
  className,
  ...input
}: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Field {...{ label, hint, fault, optional, className }}>
    {(wiring) => (
      <textarea rows={2} {...input} {...wiring} className={classes(styles.control, styles.area)} />
    )}
  </Field>
)

type Choice = { readonly value: string; readonly label: string; readonly group?: string | undefined }

const Options = ({ choices }: { choices: readonly Choice[] }) =>
  [...Map.groupBy(choices, ({ group }) => group ?? '')].map(([group, members]) => {
    const options = members.map((choice) => (
      <option key={choice.value} value={choice.value}>
        {choice.label}
      </option>
    ))
    return group ? (
      <optgroup key={group} label={group}>
        {options}
      </optgroup>
    ) : (
      options
    )
  })

/** The system's own list: quick, known to every screen reader, and right on a phone. */
export const Select = ({
  label,
  hint,
  fault,
  optional,
  className,
  choices,
  ...select
}: Common & {
  choices: readonly Choice[]
} & SelectHTMLAttributes<HTMLSelectElement>) => (
  <Field {...{ label, hint, fault, optional, className }}>
    {(wiring) => (
      <select {...select} {...wiring} className={classes(styles.control, styles.select)}>
        <Options choices={choices} />
      </select>
    )}
  </Field>
)

export const Checkbox = ({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) => {
  const id = useId()
  return (
    <div className={styles.check}>
      <input {...input} id={id} type="checkbox" aria-describedby={hint ? `${id}-note` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p id={`${id}-note`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}

/** Fields under one another, with even distances; actions at the end. */
export const FormActions = ({ children }: { children: ReactNode }) => (
  <div className={styles.actions}>{children}</div>
)
