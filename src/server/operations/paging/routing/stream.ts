/** There is one list of rules in an installation, and so one stream of what happens to it. */

export const ROUTING_STREAM = '00000000-0000-7000-8000-000000000002'
