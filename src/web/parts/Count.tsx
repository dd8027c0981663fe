/** A number of things, grouped as the reader groups digits. */
import { wholeNumber } from '../messages/format.ts'
import { useReader } from './reader.ts'

export const Count = ({ of }: { of: number }) => (
  <span className="number">{wholeNumber(of, useReader())}</span>
)
