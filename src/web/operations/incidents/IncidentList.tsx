/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const IncidentList = () => <Page title="IncidentList">{null}</Page>
