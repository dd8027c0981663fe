/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const Customers = () => <Page title="Customers">{null}</Page>
