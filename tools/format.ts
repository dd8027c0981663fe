// `npm run format [-- paths]`: writes every file, or the given ones, in the one format.
import { installed, runCommand } from './steps/run-command.ts'

const paths = process.argv.slice(2)
const { code } = await runCommand([installed('oxfmt'), ...(paths.length > 0 ? paths : ['.'])], { live: true })
process.exitCode = code
