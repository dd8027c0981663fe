/** Work that comes while some is under way is done together in the next transaction; what comes alone does not wait. */
import { isDatabaseAway } from './database.ts'

type Waiting<Input, Output> = {
  readonly input: Input
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

type Queue<Input, Output> = { busy: boolean; waiting: Waiting<Input, Output>[] }

type About<Context extends { readonly platform: object }, Input, Output> = {
  readonly most: number
  /** Of calls with the same key only one is done at a time. */
  readonly keyOf: (input: Input) => string
  /** @param isAlone false: others wait behind it, so it must not wait long for anybody's lock */
  readonly work: (ctx: Context, inputs: readonly Input[], isAlone: boolean) => Promise<readonly Output[]>
}

const take = <Input, Output>(
  queue: Queue<Input, Output>,
  most: number,
  keyOf: (input: Input) => string,
): Waiting<Input, Output>[] => {
  const taken = new Map<string, Waiting<Input, Output>>()
  const left: Waiting<Input, Output>[] = []
  for (const each of queue.waiting) {
    const key = keyOf(each.input)
    if (taken.size < most && !taken.has(key)) taken.set(key, each)
    else left.push(each)
  }
  queue.waiting = left
  return [...taken.values()]
}

/**
 * A batch that fails is done one by one, outside the queue: whatever made it fail holds up nobody else.
 *
 * @returns the call for one input; there is a queue for each platform, as there is one for each process
 */
export const gather = <Context extends { readonly platform: object }, Input, Output>({
  most,
  keyOf,
  work,
}: About<Context, Input, Output>): ((ctx: Context, input: Input) => Promise<Output>) => {
  const queues = new WeakMap<object, Queue<Input, Output>>()

  const alone = (ctx: Context, { input, resolve, reject }: Waiting<Input, Output>): void => {
    work(ctx, [input], true).then(([output]) => resolve(output as Output), reject)
  }

  const keepOn = async (ctx: Context, queue: Queue<Input, Output>): Promise<void> => {
    queue.busy = true
    // Whoever was woken by the same claim asks in this turn of the loop, too.
    await new Promise((next) => setImmediate(next))
    while (queue.waiting.length > 0) {
      const some = take(queue, most, keyOf)
      try {
        const outputs = await work(
          ctx,
          some.map(({ input }) => input),
          false,
        )
        some.forEach(({ resolve }, index) => resolve(outputs[index] as Output))
      } catch (error) {
        const isAway = isDatabaseAway(error)
        for (const each of some) {
          if (isAway) each.reject(error)
          else alone(ctx, each)
        }
      }
    }
    queue.busy = false
  }

  return (ctx, input) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(ctx.platform) ?? { busy: false, waiting: [] }
      queues.set(ctx.platform, queue)
      queue.waiting.push({ input, resolve, reject })
      if (!queue.busy) void keepOn(ctx, queue)
    })
}
