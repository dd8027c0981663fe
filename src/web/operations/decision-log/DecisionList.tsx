/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const DecisionList = () => <Page title="DecisionList">{null}</Page>
