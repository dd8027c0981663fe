/** Conditions on labels: one of some values, none of them, there at all, or missing. */
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import styles from './Routing.module.css'
import { newLabel, type Condition, type LabelDraft } from './condition-draft.ts'
import { t } from './words.ts'

const MOST = 10
const conditions = (['is', 'is-not', 'there', 'missing'] as const).map((value) => ({
  value,
  label: () => t(`condition-${value}`),
}))

const OneLabel = ({
  draft,
  place,
  onChange,
  onRemove,
}: {
  draft: LabelDraft
  place: number
  onChange: (change: Partial<LabelDraft>) => void
  onRemove: () => void
}) => (
  <div className={styles.label}>
    <div className={styles.ends}>
      <TextField
        label={t('label')}
        required
        mono
        maxLength={200}
        value={draft.label}
        onChange={({ target }) => onChange({ label: target.value })}
      />
      <Select
        label={t('condition')}
        value={draft.condition}
        onChange={({ target }) => onChange({ condition: target.value as Condition })}
        choices={conditions.map(({ value, label }) => ({ value, label: label() }))}
      />
      <IconButton icon="close" label={t('remove-label', { count: place + 1 })} onClick={onRemove} />
    </div>
    {draft.condition === 'is' || draft.condition === 'is-not' ? (
      <TextField
        label={t('values')}
        hint={t('values-hint')}
        required
        mono
        maxLength={4_000}
        value={draft.values}
        onChange={({ target }) => onChange({ values: target.value })}
      />
    ) : null}
  </div>
)

export const LabelFields = ({
  labels,
  onChange,
}: {
  labels: readonly LabelDraft[]
  onChange: (labels: readonly LabelDraft[]) => void
}) => (
  <fieldset className={styles.group}>
    <legend className={form.legend}>{t('labels')}</legend>
    {labels.map((draft, place) => (
      <OneLabel
        key={draft.key}
        draft={draft}
        place={place}
        onChange={(change) => onChange(labels.with(place, { ...draft, ...change }))}
        onRemove={() => onChange(labels.toSpliced(place, 1))}
      />
    ))}
    <div>
      <Button
        icon="plus"
        size="small"
        disabled={labels.length >= MOST}
        onClick={() => onChange([...labels, newLabel()])}
      >
        {t('add-label')}
      </Button>
    </div>
  </fieldset>
)
