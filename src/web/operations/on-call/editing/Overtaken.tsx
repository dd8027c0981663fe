/** Somebody else was faster: said openly, with both ways on. Nothing is saved or overwritten until one is chosen. */
import { Button } from '../../../parts/Button.tsx'
import styles from './Editing.module.css'
import { t } from './words.ts'

export const Overtaken = ({
  name,
  mine,
  theirs,
  onTake,
  onKeep,
}: {
  name: string
  mine: number
  theirs: number
  onTake: () => void
  onKeep: () => void
}) => (
  <section className={styles.overtaken} role="alert">
    <h2>{t('overtaken-title', { name })}</h2>
    <p>{t('overtaken-text', { mine, theirs })}</p>
    <div>
      <Button onClick={onKeep}>{t('keep-mine')}</Button>
      <Button onClick={onTake}>{t('take-theirs')}</Button>
    </div>
  </section>
)
