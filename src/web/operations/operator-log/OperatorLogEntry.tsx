/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const OperatorLogEntry = () => <Page title="OperatorLogEntry">{null}</Page>
