/** Making or changing a team: its name, and who is in it in which order. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { newKey } from '../../parts/moved.ts'
import { Ordered } from '../../parts/Ordered.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { staffQuery } from '../accounts/queries.ts'
import type { Team } from './queries.ts'
import styles from './Teams.module.css'
import { t } from './words.ts'

type Role = Team['members'][number]['role']
type MemberDraft = {
  readonly key: number
  readonly accountId: string
  readonly name: string
  readonly role: Role
}

const Members = ({
  members,
  faults,
  onChange,
}: {
  members: readonly MemberDraft[]
  faults: Readonly<Record<string, string>>
  onChange: (members: readonly MemberDraft[]) => void
}) => {
  const staff = useQuery(staffQuery).data?.rows ?? []
  const [chosen, setChosen] = useState('')
  const free = staff.filter(({ id }) => !members.some(({ accountId }) => accountId === id))
  const add = (): void => {
    const person = free.find(({ id }) => id === chosen)
    if (!person) return
    onChange([...members, { key: newKey(), accountId: person.id, name: person.name, role: 'member' }])
    setChosen('')
  }
  return (
    <fieldset className={styles.members}>
      <legend className={form.legend}>{t('members')}</legend>
      {members.length === 0 ? <p className="dim">{t('members-empty')}</p> : null}
      <Ordered label={t('members')} rows={members} nameOf={({ name }) => name} onChange={onChange} numbered>
        {(member, place) => (
          <span className={styles.member}>
            {member.name}
            <select
              aria-label={t('role', { name: member.name })}
              value={member.role}
              onChange={({ target }) =>
                onChange(members.with(place, { ...member, role: target.value as Role }))
              }
            >
              <option value="member">{t('role-member')}</option>
              <option value="admin">{t('role-admin')}</option>
            </select>
            {faults[`members.${place}`] ? (
              <span className={form.fault}>{faults[`members.${place}`]}</span>
            ) : null}
          </span>
        )}
      </Ordered>
      <div className={styles.adding}>
        <Select
          label={t('add-member')}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
          choices={[
            { value: '', label: t('choose') },
            ...free.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Button icon="plus" disabled={chosen === ''} onClick={add}>
          {t('add-one')}
        </Button>
      </div>
    </fieldset>
  )
}

const membersOf = (team: Team | undefined): readonly MemberDraft[] =>
  (team?.members ?? []).map(({ person, role }) => ({
    key: newKey(),
    accountId: person.id,
    name: person.name,
    role,
  }))

const TeamForm = ({ team, onClose }: { team?: Team; onClose: () => void }) => {
  const { draft, set, field } = useDraft(() => ({
    name: team?.name ?? '',
    slug: team?.slug ?? '',
    members: membersOf(team),
  }))
  const save = useMutation({
    mutationFn: () => {
      const members = draft.members.map(({ accountId, role }) => ({ accountId, role }))
      return team
        ? api('PATCH /api/teams/:team', { team: team.id, name: draft.name, members })
        : api('POST /api/teams', { slug: draft.slug, name: draft.name, members })
    },
    onSuccess: ({ name }) => {
      void queryClient.invalidateQueries({ queryKey: ['teams'] })
      void queryClient.invalidateQueries({ queryKey: ['on-call'] })
      toast({ text: t('saved', { name }) })
      onClose()
    },
  })
  const faults = isFailure(save.error) ? save.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={team ? t('edit-title', { name: team.name }) : t('add')}>
      <form onSubmit={submit} className={form.form}>
        <TextField label={t('name')} required maxLength={100} fault={faults['name']} {...field('name')} />
        {team ? null : (
          <TextField
            label={t('slug')}
            hint={t('slug-hint')}
            required
            mono
            fault={faults['slug']}
            {...field('slug')}
          />
        )}
        <Members members={draft.members} faults={faults} onChange={(members) => set({ members })} />
        {save.error ? <ErrorNote error={save.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default TeamForm
