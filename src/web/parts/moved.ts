/** Order in a list that people arrange. */

/** The list with the element at one place moved to another; as it was where either place does not exist. */
export const moved = <T>(list: readonly T[], from: number, to: number): readonly T[] => {
  const element = list[from]
  if (element === undefined || to < 0 || to >= list.length || from === to) return list
  const rest = list.toSpliced(from, 1)
  return rest.toSpliced(to, 0, element)
}

let made = 0
/** Names an element of a list for as long as it is on screen; what it holds may stand there twice. */
export const newKey = (): number => {
  made += 1
  return made
}
