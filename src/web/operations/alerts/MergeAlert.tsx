/** One alert into an incident that goes on, or a new one under a name of its own. */
import MergeAlerts from './many/MergeAlerts.tsx'
import type { AlertDetail } from './queries.ts'

const MergeAlert = ({ alert, onClose }: { alert: AlertDetail; onClose: () => void }) => (
  <MergeAlerts alerts={[alert]} whom={alert.name} onClose={onClose} />
)
export default MergeAlert
