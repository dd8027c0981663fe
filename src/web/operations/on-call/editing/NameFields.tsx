/** What a rota or a policy is called; its short name follows the long one until somebody writes their own. */
import { TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Panel } from '../../../parts/Page.tsx'
import { slugOf } from './slug-of.ts'
import { t } from './words.ts'

export type Faults = Readonly<Record<string, string>>
type Names = { readonly name: string; readonly slug: string }

export const NameFields = ({
  draft,
  isNew,
  faults,
  onChange,
}: {
  draft: Names
  isNew: boolean
  faults: Faults
  onChange: (change: Partial<Names>) => void
}) => {
  const rename = (name: string): void => {
    const follows = isNew && draft.slug === slugOf(draft.name)
    onChange({ name, ...(follows ? { slug: slugOf(name) } : {}) })
  }
  return (
    <Panel>
      <div className={form.form}>
        <TextField
          label={t('name')}
          required
          maxLength={100}
          value={draft.name}
          fault={faults['name']}
          onChange={(event) => rename(event.target.value)}
        />
        {isNew ? (
          <TextField
            label={t('slug')}
            hint={t('slug-hint')}
            required
            mono
            maxLength={63}
            value={draft.slug}
            fault={faults['slug']}
            onChange={(event) => onChange({ slug: event.target.value })}
          />
        ) : null}
      </div>
    </Panel>
  )
}
