/** Everything that acts when pressed; links that go somewhere wear `buttonLook` instead. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon, type IconName } from './Icon.tsx'
import { KeyHint } from './KeyHint.tsx'
import styles from './Button.module.css'

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger'

export const buttonLook = (tone: ButtonTone = 'plain', size: 'small' | 'medium' = 'medium'): string =>
  classes(styles.button, styles[tone], size === 'small' && styles.small)

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & {
  readonly tone?: ButtonTone
  readonly size?: 'small' | 'medium'
  readonly icon?: IconName
  readonly keys?: string
  readonly type?: 'button' | 'submit'
  /** The press is under way: it cannot be pressed again, and says so to who cannot see it. */
  readonly busy?: boolean
  readonly children?: ReactNode
}

export const Button = ({
  tone,
  size,
  icon,
  keys,
  busy,
  className,
  children,
  type,
  disabled,
  ...rest
}: Props) => (
  <button
    {...rest}
    type={type ?? 'button'}
    data-tone={tone}
    className={classes(buttonLook(tone, size), className)}
    aria-busy={busy || undefined}
    disabled={disabled || busy}
  >
    {icon ? <Icon name={icon} /> : null}
    {children}
    {keys ? <KeyHint keys={keys} /> : null}
  </button>
)

/** A picture that acts: its label is spoken and shown on hover. */
export const IconButton = ({
  label,
  icon,
  className,
  ...rest
}: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & { label: string; icon: IconName }) => (
  <button
    {...rest}
    type="button"
    className={classes(styles.icon, className)}
    aria-label={label}
    title={label}
  >
    <Icon name={icon} />
  </button>
)
