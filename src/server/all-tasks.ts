/** Imports every file that declares task kinds or observations, so that a process knows them all whatever its roles are. */
import './compat/opsgenie/tasks.ts'
import './evidence/audit-packs/tasks.ts'
import './evidence/ledger/tasks.ts'
import './operations/alerts/observations.ts'
import './operations/operator-log/tasks.ts'
import './operations/paging/tasks.ts'
import './people/tasks.ts'
import './platform/housekeeping.ts'
