/** Moves the clock from cue to cue; tasks that fall due in between run at their own time. */
import type { Stage } from '../server/stage.ts'

export type Cue = { readonly at: number; readonly what: string; readonly run: () => Promise<void> }

export type Play = {
  /** Adds something that happens later; cues may add cues. */
  readonly cue: (at: number, what: string, run: () => Promise<void>) => void
  /** Plays until nothing is left before `until`, and stands still there. */
  readonly until: (until: number) => Promise<void>
  readonly played: () => number
}

export const openPlay = (stage: Stage): Play => {
  const cues: Cue[] = []
  let played = 0

  const next = (): Cue | undefined =>
    cues.reduce<Cue | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    )

  const runTasksBefore = async (at: number): Promise<void> => {
    for (;;) {
      const due = await stage.nextTaskAt()
      if (due === undefined || due > at) return
      stage.moveTo(Math.max(stage.now(), due))
      const before = due
      await stage.settle()
      // A task that cannot end now (its lease, its retry) has moved its own due time; one that has not would loop here.
      if ((await stage.nextTaskAt()) === before) return
    }
  }

  return {
    cue: (at, what, run) => {
      cues.push({ at, what, run })
    },
    until: async (until) => {
      for (;;) {
        const cue = next()
        if (cue === undefined || cue.at > until) break
        cues.splice(cues.indexOf(cue), 1)
        await runTasksBefore(cue.at)
        stage.moveTo(Math.max(stage.now(), cue.at))
        await cue.run().catch((error: unknown) => {
          throw new Error(`the play stopped at "${cue.what}": ${(error as Error).message}`, { cause: error })
        })
        await stage.settle()
        played += 1
      }
      await runTasksBefore(until)
      stage.moveTo(Math.max(stage.now(), until))
    },
    played: () => played,
  }
}
