/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const OperatorLogList = () => <Page title="OperatorLogList">{null}</Page>
