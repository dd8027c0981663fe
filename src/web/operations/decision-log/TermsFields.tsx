/** The fields of what is decided; the same for a new decision, an amendment and a write-up. */
import { Button, IconButton } from '../../parts/Button.tsx'
import { Checkbox, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import styles from './TermsFields.module.css'
import type { OptionDraft, TermsDraft } from './terms-draft.ts'
import { t } from './words.ts'

type Faults = Readonly<Record<string, string>>
type Props<T extends TermsDraft> = {
  readonly draft: T
  readonly set: (change: Partial<TermsDraft>) => void
  readonly faults: Faults
}

const OptionFields = ({
  option,
  number,
  change,
  remove,
}: {
  option: OptionDraft
  number: number
  change: (change: Partial<OptionDraft>) => void
  remove: () => void
}) => (
  <li className={styles.option}>
    <TextField
      label={t('option', { number })}
      value={option.title}
      maxLength={500}
      onChange={(event) => change({ title: event.target.value })}
    />
    <IconButton icon="close" label={t('remove-option')} onClick={remove} />
    <TextArea
      label={t('option-note')}
      optional
      rows={2}
      value={option.note}
      onChange={(event) => change({ note: event.target.value })}
    />
    <Checkbox
      label={t('option-chosen')}
      checked={option.chosen}
      onChange={(event) => change({ chosen: event.target.checked })}
    />
  </li>
)

const Options = <T extends TermsDraft>({ draft, set }: Props<T>) => {
  const { options } = draft
  const change = (key: number, with_: Partial<OptionDraft>): void =>
    set({ options: options.map((option) => (option.key === key ? { ...option, ...with_ } : option)) })
  const add = (): void =>
    set({ options: [...options, { key: Date.now(), title: '', chosen: options.length === 0, note: '' }] })
  return (
    <fieldset className={styles.options}>
      <legend>{t('options')}</legend>
      <ul>
        {options.map((option, position) => (
          <OptionFields
            key={option.key}
            option={option}
            number={position + 1}
            change={(with_) => change(option.key, with_)}
            remove={() => set({ options: options.filter(({ key }) => key !== option.key) })}
          />
        ))}
      </ul>
      {options.length < 20 ? (
        <Button size="small" icon="plus" onClick={add}>
          {t('add-option')}
        </Button>
      ) : null}
    </fieldset>
  )
}

export const TermsFields = <T extends TermsDraft>({ draft, set, faults }: Props<T>) => {
  const text = (name: 'what' | 'why' | 'risk' | 'rollback' | 'untilDate' | 'untilTime') => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  return (
    <>
      <TextArea label={t('what')} hint={t('what-hint')} required fault={faults['what']} {...text('what')} />
      <TextArea label={t('why')} required fault={faults['why']} {...text('why')} />
      <Options draft={draft} set={set} faults={faults} />
      <TextArea label={t('risk')} optional rows={2} fault={faults['risk']} {...text('risk')} />
      <TextArea
        label={t('rollback')}
        hint={t('rollback-hint')}
        optional
        rows={2}
        fault={faults['rollback']}
        {...text('rollback')}
      />
      <div className={form.pair}>
        <TextField
          label={t('valid-until')}
          hint={t('valid-until-hint')}
          type="date"
          optional
          fault={faults['validUntil']}
          {...text('untilDate')}
        />
        <TextField label={t('valid-until-time')} type="time" {...text('untilTime')} />
      </div>
    </>
  )
}
