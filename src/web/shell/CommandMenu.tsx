/** Ctrl/Cmd+K: go anywhere, or do something with the record on screen. Loaded when first opened. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { openIncidentsQuery } from '../operations/incidents/queries.ts'
import { environmentsQuery } from '../people/environments/queries.ts'
import styles from './CommandMenu.module.css'
import { currentCommands } from './commands.ts'
import { placesOf } from './places.ts'
import { nextScheme } from './scheme.ts'
import { useMay, useMe } from './session.ts'
import { t } from './words.ts'

type Entry = {
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  readonly keys?: string | undefined
  readonly run: () => void
}

const Group = ({
  heading,
  entries,
  run,
}: {
  heading: string
  entries: readonly Entry[]
  run: (entry: Entry) => void
}) =>
  entries.length === 0 ? null : (
    <Command.Group heading={heading} className={styles.group ?? ''}>
      {entries.map((entry) => (
        <Command.Item key={entry.id} value={`${heading} ${entry.label}`} onSelect={() => run(entry)}>
          {entry.icon ? <Icon name={entry.icon} /> : null}
          <span>{entry.label}</span>
          {entry.keys ? <KeyHint keys={entry.keys} /> : null}
        </Command.Item>
      ))}
    </Command.Group>
  )

const usePlaces = (): readonly Entry[] => {
  const navigate = useNavigate()
  return placesOf(useMe()).map((place) => ({
    id: place.key,
    label: place.label,
    icon: place.icon,
    keys: `g ${place.letter}`,
    run: () => void navigate({ to: place.to ?? '/' }),
  }))
}

const useEnvironments = (): readonly Entry[] => {
  const navigate = useNavigate()
  const rows = useQuery(environmentsQuery).data?.rows ?? []
  return rows.map((environment) => ({
    id: environment.id,
    label: `${environment.slug} · ${environment.customer.name}`,
    icon: 'customers',
    run: () => void navigate({ to: '/environments/$environment', params: { environment: environment.slug } }),
  }))
}

const useIncidents = (): readonly Entry[] => {
  const navigate = useNavigate()
  const may = useMay()
  const rows = useQuery({ ...openIncidentsQuery, enabled: may('incidents.read') }).data?.rows ?? []
  return rows.map((incident) => ({
    id: incident.id,
    label: `${incident.environment.slug}/${incident.number} ${incident.title}`,
    icon: 'incident',
    run: () => void navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } }),
  }))
}

const CommandMenu = ({ onClose, showKeys }: { onClose: () => void; showKeys: () => void }) => {
  const goTo = usePlaces()
  const environments = useEnvironments()
  const incidents = useIncidents()
  const run = (entry: Entry): void => {
    onClose()
    entry.run()
  }
  const doing: readonly Entry[] = [
    { id: 'scheme', label: t('switch-scheme'), icon: 'sun', keys: 'g t', run: nextScheme },
    { id: 'keys', label: t('show-keys'), keys: '?', run: showKeys },
  ]
  return (
    <Base.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={styles.popup}
          aria-label={t('open-menu')}
          initialFocus={() => document.querySelector<HTMLElement>('[cmdk-input]') ?? true}
        >
          <Command label={t('open-menu')} loop>
            <div className={styles.input}>
              <Icon name="search" />
              <Command.Input placeholder={t('menu-placeholder')} />
              <button type="button" className={styles.escape} onClick={onClose}>
                <KeyHint keys="escape" />
                <span className="visually-hidden">{t('close-menu')}</span>
              </button>
            </div>
            <Command.List className={styles.list ?? ''}>
              <Command.Empty className={styles.nothing ?? ''}>{t('menu-nothing')}</Command.Empty>
              {currentCommands().map((group) => (
                <Group key={group.subject} heading={group.subject} entries={group.commands} run={run} />
              ))}
              <Group heading={t('menu-places')} entries={goTo} run={run} />
              <Group heading={t('menu-incidents')} entries={incidents} run={run} />
              <Group heading={t('menu-environments')} entries={environments} run={run} />
              <Group heading={t('menu-doing')} entries={doing} run={run} />
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
export default CommandMenu
