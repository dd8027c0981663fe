/** What fish runs after its own configuration in a recorded session. */

/** `string escape --style=url` is the same percent form as the other shells write by hand, without a process. */
export const fishIntegration = (nonce: string, labelFile: string): string => String.raw`
set -g __fortnight_seq 0
set -g __fortnight_status 0

function __fortnight_mark
    printf '\e]7767;%s;%s\a' '${nonce}' $argv[1] >/dev/tty 2>/dev/null
end

function __fortnight_return
    return $argv[1]
end

function __fortnight_precmd --on-event fish_prompt
    set -g __fortnight_seq (math $__fortnight_seq + 1)
    set -l cwd (string escape --style=url -- "$PWD")
    set -l kubeconfig (string escape --style=url -- "$KUBECONFIG")
    __fortnight_mark "A;$__fortnight_seq;exit=$__fortnight_status;cwd=$cwd;kubeconfig=$kubeconfig"
end

function __fortnight_preexec --on-event fish_preexec
    set -l command (string escape --style=url -- (string sub --length 16384 -- "$argv[1]" | string collect))
    __fortnight_mark "C;$__fortnight_seq;command=$command"
end

function __fortnight_postexec --on-event fish_postexec
    set -g __fortnight_status $status
end

functions -q fish_prompt; and functions -c fish_prompt __fortnight_user_prompt
function fish_prompt
    set -l last $status
    set -l label ''
    read label <'${labelFile}' 2>/dev/null
    set_color red
    printf '%s' $label
    set_color normal
    printf ' '
    __fortnight_return $last
    functions -q __fortnight_user_prompt; and __fortnight_user_prompt
    printf '\e]7767;%s;B\a' '${nonce}'
end

__fortnight_mark "ready;0;shell=fish;version=$version"
stty iutf8 2>/dev/null
`
