/** `?`: every key that works at this moment. */
import { Dialog } from '../parts/Dialog.tsx'
import { boundKeys, type KeyBinding } from '../parts/keys.ts'
import { KeyHint } from '../parts/KeyHint.tsx'
import styles from './KeyList.module.css'
import { t } from './words.ts'

const List = ({ title, bindings }: { title: string; bindings: readonly KeyBinding[] }) =>
  bindings.length === 0 ? null : (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.list}>
        {bindings.map((binding) => (
          <li key={binding.keys}>
            <span>{binding.label}</span>
            <KeyHint keys={binding.keys} />
            <span className="visually-hidden">{binding.keys}</span>
          </li>
        ))}
      </ul>
    </section>
  )

const KeyList = ({ onClose }: { onClose: () => void }) => {
  const everywhere = t('keys-everywhere')
  const bound = boundKeys()
  return (
    <Dialog open onClose={onClose} title={t('keys-title')} explanation={t('keys-explanation')} wide>
      <div className={styles.columns}>
        <List title={t('keys-here')} bindings={bound.filter(({ group }) => group !== everywhere)} />
        <List title={everywhere} bindings={bound.filter(({ group }) => group === everywhere)} />
      </div>
    </Dialog>
  )
}
export default KeyList
