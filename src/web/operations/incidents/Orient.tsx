/** Hypotheses, each with what speaks for and against it: the phase that most people skip. */
import { useState, type Ref } from 'react'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Select } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Page.tsx'
import { QuickAdd } from '../../parts/QuickAdd.tsx'
import styles from './Cockpit.module.css'
import { Heading } from './Heading.tsx'
import type { SendCommand } from './incident-command.ts'
import type { Hypothesis, Incident, Pin } from './queries.ts'
import { t } from './words.ts'

const verdicts = ['open', 'supported', 'refuted'] as const
const tones: Readonly<Record<Hypothesis['status'], Tone>> = {
  open: 'neutral',
  supported: 'green',
  refuted: 'neutral',
}

const Side = ({
  side,
  ids,
  pins,
}: {
  side: 'for' | 'against'
  ids: readonly string[]
  pins: readonly Pin[]
}) =>
  ids.length === 0 ? null : (
    <ul className={styles.evidence}>
      {ids.map((id) => (
        <li key={id}>
          <span className={styles.side}>{t(`evidence-${side}`)}</span>
          <span>{pins.find((pin) => pin.id === id)?.text ?? '?'}</span>
        </li>
      ))}
    </ul>
  )

const AddEvidence = ({
  hypothesis,
  pins,
  send,
  done,
}: {
  hypothesis: Hypothesis
  pins: readonly Pin[]
  send: SendCommand
  done: () => void
}) => {
  const free = pins.filter(({ id }) => !hypothesis.for.includes(id) && !hypothesis.against.includes(id))
  const [pinId, setPinId] = useState(free[0]?.id ?? '')
  if (free.length === 0) return <p className="dim">{t('evidence-none')}</p>
  const add = (side: 'for' | 'against'): void => {
    send({ kind: 'add-evidence', hypothesisId: hypothesis.id, pinId, side })
    done()
  }
  return (
    <div className={styles.adding}>
      <Select
        label={t('evidence-choose')}
        value={pinId}
        onChange={(event) => setPinId(event.target.value)}
        choices={free.map(({ id, text }) => ({ value: id, label: text.slice(0, 80) }))}
      />
      <Button size="small" onClick={() => add('for')}>
        {t('evidence-for')}
      </Button>
      <Button size="small" onClick={() => add('against')}>
        {t('evidence-against')}
      </Button>
    </div>
  )
}

const One = ({
  hypothesis,
  incident,
  send,
}: {
  hypothesis: Hypothesis
  incident: Incident
  send: SendCommand
}) => {
  const [adding, setAdding] = useState(false)
  const { can, pins } = incident
  return (
    <li className={styles.hypothesis} data-refuted={hypothesis.status === 'refuted' || undefined}>
      <p className={styles.statement}>{hypothesis.statement}</p>
      <Side side="for" ids={hypothesis.for} pins={pins} />
      <Side side="against" ids={hypothesis.against} pins={pins} />
      <div className={styles.judge}>
        {can.change ? (
          <>
            <fieldset className={styles.verdicts} aria-label={hypothesis.statement}>
              {verdicts.map((status) => (
                <button
                  key={status}
                  type="button"
                  aria-pressed={hypothesis.status === status}
                  onClick={() => send({ kind: 'judge-hypothesis', hypothesisId: hypothesis.id, status })}
                >
                  {t(`verdict-${status}`)}
                </button>
              ))}
            </fieldset>
            <Button
              size="small"
              tone="quiet"
              icon="plus"
              aria-expanded={adding}
              onClick={() => setAdding(!adding)}
            >
              {t('evidence-add')}
            </Button>
          </>
        ) : (
          <Badge tone={tones[hypothesis.status]}>{t(`verdict-${hypothesis.status}`)}</Badge>
        )}
        <span className="dim">{hypothesis.proposedBy.name}</span>
      </div>
      {adding ? (
        <AddEvidence hypothesis={hypothesis} pins={pins} send={send} done={() => setAdding(false)} />
      ) : null}
    </li>
  )
}

export const Orient = ({
  incident,
  send,
  fieldRef,
}: {
  incident: Incident
  send: SendCommand
  fieldRef: Ref<HTMLInputElement>
}) => (
  <Panel title={<Heading phase="orient" incident={incident} />}>
    <div className={styles.stack}>
      {incident.can.change ? (
        <QuickAdd
          label={t('orient-add')}
          keys="r"
          fieldRef={fieldRef}
          onAdd={(statement) => send({ kind: 'propose-hypothesis', statement })}
        />
      ) : null}
      {incident.hypotheses.length === 0 ? <p className="dim">{t('orient-empty')}</p> : null}
      <ul className={styles.hypotheses}>
        {incident.hypotheses.map((hypothesis) => (
          <One key={hypothesis.id} hypothesis={hypothesis} incident={incident} send={send} />
        ))}
      </ul>
    </div>
  </Panel>
)
