/** What zsh reads at start in a recorded session. ZDOTDIR points at our files; each one loads the operator's own first. */

/** Sends zsh on to the operator's .zshenv as if ZDOTDIR had never been touched, then back to us for .zshrc. */
export const zshEnvironmentFile = (directory: string): string => String.raw`
if (( ${'$'}{+FORTNIGHT_USER_ZDOTDIR} )); then ZDOTDIR=$FORTNIGHT_USER_ZDOTDIR; else unset ZDOTDIR; fi
[[ -r ${'$'}{ZDOTDIR:-$HOME}/.zshenv ]] && . "${'$'}{ZDOTDIR:-$HOME}/.zshenv"
if (( ${'$'}{+ZDOTDIR} )); then export FORTNIGHT_USER_ZDOTDIR=$ZDOTDIR; else unset FORTNIGHT_USER_ZDOTDIR; fi
ZDOTDIR='${directory}'
`

/** The hooks come first and last among the operator's own, so that themes that set PROMPT at each prompt go on doing so. */
export const zshIntegration = (nonce: string, labelFile: string, directory: string): string => String.raw`
if (( ${'$'}{+FORTNIGHT_USER_ZDOTDIR} )); then ZDOTDIR=$FORTNIGHT_USER_ZDOTDIR; else unset ZDOTDIR; fi
unset FORTNIGHT_USER_ZDOTDIR
# macOS's /etc/zshrc puts the history beside ZDOTDIR, which was ours when it ran.
[[ ${'$'}{HISTFILE-} == '${directory}'/* ]] && HISTFILE=${'$'}{ZDOTDIR:-$HOME}/.zsh_history
[[ -r ${'$'}{ZDOTDIR:-$HOME}/.zshrc ]] && . "${'$'}{ZDOTDIR:-$HOME}/.zshrc"

typeset -g __fortnight_nonce='${nonce}'
typeset -g __fortnight_label_file='${labelFile}'
typeset -gi __fortnight_seq=0
typeset -g __fortnight_ps1=
typeset -g __fortnight_input_mark=$'%{\e]7767;${nonce};B\a%}'

__fortnight_mark() {
  { print -rn -- $'\e]7767;'"$__fortnight_nonce;$1"$'\a' >/dev/tty } 2>/dev/null
}

__fortnight_escape() {
  emulate -L zsh
  setopt no_xtrace
  local hex char
  REPLY=${'$'}{1//\%/%25}
  REPLY=${'$'}{REPLY//;/%3b}
  if [[ $REPLY == *[[:cntrl:]]* ]]; then
    for hex in 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 7f; do
      printf -v char "\\x$hex"
      REPLY=${'$'}{REPLY//$char/%$hex}
    done
  fi
}

__fortnight_precmd() {
  local __fortnight_status=$?
  emulate -L zsh
  setopt no_xtrace
  local cwd REPLY
  (( ++__fortnight_seq ))
  __fortnight_escape "$PWD"
  cwd=$REPLY
  __fortnight_escape "${'$'}{KUBECONFIG-}"
  __fortnight_mark "A;$__fortnight_seq;exit=$__fortnight_status;cwd=$cwd;kubeconfig=$REPLY"
  return $__fortnight_status
}

__fortnight_ready() {
  local __fortnight_status=$?
  emulate -L zsh
  setopt no_xtrace
  local label=
  [[ $PS1 == *"$__fortnight_input_mark"* ]] || __fortnight_ps1=$PS1
  read -r label 2>/dev/null <"$__fortnight_label_file"
  PS1="%F{red}$label%f $__fortnight_ps1$__fortnight_input_mark"
  return $__fortnight_status
}

__fortnight_preexec() {
  emulate -L zsh
  setopt no_xtrace
  local REPLY
  __fortnight_escape "${'$'}{${'$'}{1:-$3}[1,16384]}"
  __fortnight_mark "C;$__fortnight_seq;command=$REPLY"
}

precmd_functions=(__fortnight_precmd $precmd_functions __fortnight_ready)
preexec_functions=($preexec_functions __fortnight_preexec)
__fortnight_mark "ready;0;shell=zsh;version=$ZSH_VERSION"
stty iutf8 2>/dev/null
`
