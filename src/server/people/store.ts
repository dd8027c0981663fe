/** Rows of people: accounts, customers, environments, keys. The SQL over them is in the store.ts of each folder. */
import type { Generated } from 'kysely'

declare module '../platform/database.ts' {
  interface Tables {
    customers: { id: string; slug: string; name: string; archived_at: number | null; created_at: number }
    accounts: {
      id: string
      kind: 'staff' | 'contact'
      customer_id: string | null
      handle: string
      name: string
      email: string
      roles: string[]
      locale: string
      zone: string
      password_hash: string | null
      password_changed_at: number | null
      archived_at: number | null
      created_at: number
    }
    environments: {
      id: string
      customer_id: string
      slug: string
      name: string
      plan: string | null
      provider: string | null
      version: string | null
      components: string[]
      commissioned_on: string | null
      delivery_manager_id: string | null
      archived_at: number | null
      created_at: number
      next_decision_number: Generated<number>
      next_incident_number: Generated<number>
      next_log_number: Generated<number>
    }
    clusters: {
      id: string
      environment_id: string
      customer_id: string
      role: 'management' | 'workload'
      name: string
      version: string | null
      kube_system_uid: string | null
      archived_at: number | null
    }
    sessions: {
      id: string
      account_id: string
      token_hash: Buffer
      method: string
      user_agent: string
      address: string
      created_at: number
      seen_at: number
      expires_at: number
      revoked_at: number | null
    }
    one_time_tokens: {
      token_hash: Buffer
      purpose: string
      account_id: string | null
      subject_id: string | null
      state: unknown
      created_at: number
      expires_at: number
      used_at: number | null
    }
    api_tokens: {
      id: string
      account_id: string
      name: string
      token_hash: Buffer
      hint: string
      scopes: string[]
      created_at: number
      expires_at: number | null
      revoked_at: number | null
    }
    integration_keys: {
      id: string
      environment_id: string
      customer_id: string
      name: string
      key_hash: Buffer
      hint: string
      created_at: number
      expires_at: number | null
      revoked_at: number | null
    }
    sign_in_tries: { subject_hash: Buffer; tries: number; since_at: number }
    credential_uses: { credential_id: string; used_at: number; address: string }
    passkeys: {
      id: string
      account_id: string
      name: string
      public_key: Buffer
      counter: number
      transports: string[]
      created_at: number
      used_at: number | null
    }
    oidc_identities: { issuer: string; subject: string; account_id: string; created_at: number }
  }
}
