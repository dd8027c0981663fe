/** Imports every file that declares task kinds, so that a process knows them all whatever its roles are. */
import './operations/operator-log/tasks.ts'
import './operations/paging/tasks.ts'
import './people/tasks.ts'
