/** Who is signed in, the choice of colours, and the way out. */
import { IconButton } from '../parts/Button.tsx'
import type { IconName } from '../parts/Icon.tsx'
import { nextScheme, useScheme, type Scheme } from './scheme.ts'
import styles from './SelfRow.module.css'
import { useMe } from './session.ts'
import { t } from './words.ts'

const icons: Readonly<Record<Scheme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' }

export const Initials = ({ name }: { name: string }) => (
  <span className={styles.initials} aria-hidden="true">
    {name
      .split(/\s+/)
      .map((word) => word[0] ?? '')
      .filter((_, position, all) => position === 0 || position === all.length - 1)
      .join('')
      .toUpperCase()}
  </span>
)

export const SelfRow = () => {
  const { account } = useMe()
  const scheme = useScheme()
  return (
    <div className={styles.self}>
      <Initials name={account.name} />
      <span className={styles.name} title={t('signed-in-as', { name: account.name })}>
        {account.name}
      </span>
      <IconButton icon={icons[scheme]} label={t(`scheme-${scheme}`)} onClick={nextScheme} />
    </div>
  )
}
