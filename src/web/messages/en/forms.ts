/** Sentences of forms; apart from the other parts, because the home view has no form. */
export const forms = {
  'what-changes': 'What would change',
  overtaken: 'Somebody else changed this while you were typing. Now it says:',
  compare: 'Compare mine with theirs',
  'move-up': 'Move {name} up',
  'move-down': 'Move {name} down',
  'take-out': 'Take {name} out',
  moved: '{name} is now number {place} of {count}.',
} as const
