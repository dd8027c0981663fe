/** Sentences of the sign-in view. */
export const signIn = {
  title: 'Sign in to Fortnight',
  'title-of': 'Sign in to {organisation}',
  handle: 'Name or e-mail address',
  password: 'Password',
  submit: 'Sign in',
  passkey: 'Use a passkey',
  or: 'or',
  'with-provider': 'Continue with {name}',
  cancelled: 'The passkey was not used. Try again, or sign in with your password.',
  'no-passkeys-here': 'This browser offers passkeys only over https, or on localhost.',
  'setup-needed':
    'Nobody administers this installation yet. Open the link that the server printed when it started.',
  lost: 'Password lost? An administrator can send you a new invitation link.',
} as const
