/** Sends the note to whoever takes over by the rota as it is at that moment. Where no mail is sent here, their home view has it. */
import { loadStaff } from '../../../people/accounts/link-holder.ts'
import type { Ctx } from '../../../platform/context.ts'
import { canMail, sendMail } from '../../../platform/mail.ts'
import { say } from '../messages.ts'
import { loadSchedules } from '../store.ts'
import { handOverAt } from './present.ts'
import { findNote } from './store.ts'

export type HandOverLetter = { readonly noteId: string; readonly version: number }

export const tell = async (ctx: Ctx, { noteId, version }: HandOverLetter): Promise<void> => {
  const { platform } = ctx
  const { db } = platform.database
  const note = await findNote(db, { id: noteId })
  // What was written again is sent by its own task.
  if (!note || note.version !== version || note.text === '' || !canMail(platform)) return
  const [stored] = await loadSchedules(db, [note.scheduleId], note.at - 1)
  if (!stored || stored.archivedAt !== null) return
  const author = await loadStaff(db, note.writtenBy)
  const later: string[] = []
  for (const accountId of handOverAt(stored, note.at).incoming) {
    const person = accountId === note.writtenBy ? undefined : await loadStaff(db, accountId)
    if (!person) continue
    const outcome = await sendMail(platform, {
      to: person.email,
      subject: say(person, 'hand-over-subject', { schedule: stored.name, author: author?.name ?? '' }),
      text: [note.text, '', say(person, 'hand-over-look'), `${platform.config.baseUrl}/on-call`].join('\n'),
      messageId: `${note.id}.${version}.${person.id}`,
    })
    if (outcome.kind === 'later') later.push(outcome.reason)
    if (outcome.kind === 'refused') ctx.log.warn({ note: note.id }, 'the mail of a hand-over was refused')
  }
  if (later.length > 0) throw new Error(`the mail server did not take it: ${later[0]}`)
}
