/**
 * Every advisory lock of the product in one list, because two areas that choose the same number by themselves wait for
 * each other for ever: the sequencer keeps its lock as long as it lives.
 */

/** Single locks: one number each. */
export const advisoryLocks = {
  migration: 4280_0001,
  testTemplate: 4280_0002,
  firstStart: 4280_0003,
  configuration: 4280_0004,
  sequencer: 4280_0005,
  backup: 4280_0010,
  /** Shared by every connection that works on the schema; alone by who breaks it (schema-fence.ts). */
  schema: 4280_0011,
} as const

/** Locks of two numbers: the space, and what is locked in it. */
export const lockSpaces = {
  /** One a process, by its number, as long as it lives. */
  life: 4280_1001,
} as const
