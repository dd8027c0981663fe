/** What bash reads at start in a recorded session: the operator's own bashrc, then the marks. */

/**
 * Hazards this text steps around: `set -e`, `set -u` and `set -x` of the operator; a PROMPT_COMMAND that is a string or
 * an array; a PS1 that others set anew at each prompt; `exec >file` (marks go to /dev/tty); bash 5.2's `&` in
 * replacements. PS0 needs bash 4.4. The exit status is passed on through every hook.
 */
export const bashIntegration = (nonce: string, labelFile: string): string => marksOf(nonce, labelFile) + HOOKS

const marksOf = (nonce: string, labelFile: string): string => String.raw`
[ -r "$HOME/.bashrc" ] && . "$HOME/.bashrc"

__fortnight_nonce='${nonce}'
__fortnight_label_file='${labelFile}'
__fortnight_seq=0
__fortnight_ps1=
__fortnight_input_mark='\[\e]7767;${nonce};B\a\]'

__fortnight_mark() {
  { builtin printf '\033]7767;%s;%s\007' "$__fortnight_nonce" "$1" >/dev/tty; } 2>/dev/null || :
}

__fortnight_escape() {
  local LC_ALL=C hex char
  REPLY=${'$'}{1//%/%25}
  REPLY=${'$'}{REPLY//;/%3b}
  if [[ $REPLY == *[[:cntrl:]]* ]]; then
    for hex in 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 7f; do
      builtin printf -v char "\\x$hex"
      REPLY=${'$'}{REPLY//"$char"/%$hex}
    done
  fi
}
`

const HOOKS = String.raw`
__fortnight_precmd() {
  local __fortnight_status=$?
  { local -; set +x; } 2>/dev/null
  local cwd first= REPLY
  __fortnight_seq=$((__fortnight_seq + 1))
  if ((__fortnight_seq == 1)); then
    first=$(HISTTIMEFORMAT= builtin history 1)
    first=${'$'}{first#"${'$'}{first%%[![:space:]]*}"}
    first=${'$'}{first%%[!0-9]*}
    first=";history=${'$'}{first:-0}"
  fi
  __fortnight_escape "$PWD"
  cwd=$REPLY
  __fortnight_escape "${'$'}{KUBECONFIG-}"
  __fortnight_mark "A;$__fortnight_seq;exit=$__fortnight_status;cwd=$cwd;kubeconfig=$REPLY$first"
  return $__fortnight_status
}

__fortnight_ready() {
  local __fortnight_status=$? label=
  { local -; set +x; } 2>/dev/null
  [[ $PS1 == *"$__fortnight_input_mark"* ]] || __fortnight_ps1=$PS1
  read -r label 2>/dev/null <"$__fortnight_label_file" || :
  PS1="\[\e[31m\]$label\[\e[0m\] $__fortnight_ps1$__fortnight_input_mark"
  [[ ${'$'}{PS0-} == *__fortnight_preexec* ]] || PS0="${'$'}{PS0-}"'$(__fortnight_preexec)'
  return $__fortnight_status
}

# Runs in PS0's own subshell: nothing to restore. A line kept out of the history (a leading space) leaves the line
# before it there; the recorder sees that by the number and takes what stood on the screen instead.
__fortnight_preexec() {
  { set +xeu; } 2>/dev/null
  local entry number REPLY
  entry=$(HISTTIMEFORMAT= builtin history 1)
  entry=${'$'}{entry#"${'$'}{entry%%[![:space:]]*}"}
  number=${'$'}{entry%%[!0-9]*}
  entry=${'$'}{entry#"$number"}
  __fortnight_escape "${'$'}{entry:2:16384}"
  __fortnight_mark "C;$__fortnight_seq;history=$number;command=$REPLY"
}

case $(declare -p PROMPT_COMMAND 2>/dev/null) in
  'declare -a'*) PROMPT_COMMAND=(__fortnight_precmd "${'$'}{PROMPT_COMMAND[@]}" __fortnight_ready) ;;
  *) PROMPT_COMMAND=__fortnight_precmd$'\n'"${'$'}{PROMPT_COMMAND-}"$'\n'__fortnight_ready ;;
esac

if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
  __fortnight_mark "ready;0;shell=bash;version=$BASH_VERSION"
else
  __fortnight_mark "ready;0;shell=bash;version=$BASH_VERSION;commands=no"
fi
stty iutf8 2>/dev/null || :
`
