/** A process that does nothing but sequence, for tests that kill it: `node sequencer-process.fixture.ts <database> <folder>`. */
import { boot } from '../../platform/boot.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLog } from '../../platform/log.ts'
import { openSequencer } from './sequencer.ts'

const [connectionString = '', folder = ''] = process.argv.slice(2)
const config = readConfig({ FORTNIGHT_DATA: folder, DATABASE_POOL: '4' })
const { platform } = await boot({ config, connectionString, roles: ['engine'], log: silentLog() })
openSequencer(platform, connectionString)?.start()
process.send?.('started')
// An end of the test ends it as well, however the test ended.
process.on('disconnect', () => process.exit(0))
