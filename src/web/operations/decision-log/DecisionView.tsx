/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const DecisionView = () => <Page title="DecisionView">{null}</Page>
