/** The ledger as others see it: who sequences, and what may be read of the logs. */
export { openSequencer, type Sequencer } from './sequencer.ts'
