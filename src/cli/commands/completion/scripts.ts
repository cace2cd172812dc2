import type { Shell } from './shell.ts';
/*
 * What a shell loads. Each asks `access-key-rotation complete` (complete.ts) about the line as it is typed. Lines and
 * answers are data to them: neither goes through `eval`, `compgen -W` or an unquoted expansion, which would carry out
 * what is in the name of an account, or in a line that nobody has sent off yet.
 */

const BASH = `# Completion of access-key-rotation for bash. To install it, once:
#   mkdir -p ~/.local/share/bash-completion/completions
#   access-key-rotation completion bash > ~/.local/share/bash-completion/completions/access-key-rotation
# Without the package bash-completion, write this into ~/.bashrc instead:
#   source <(access-key-rotation completion bash)

_access_key_rotation() {
  local kind= line value
  local -a lines=() words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  # A quotation that has only begun is no part of the word.
  if ((COMP_CWORD > 0)); then words[COMP_CWORD - 1]=\${words[COMP_CWORD - 1]#[\\"\\']}; fi
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else lines+=("$line"); fi
  done < <(access-key-rotation complete bash -- "\${words[@]}" 2>/dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null; return ;;
    unfinished) compopt -o nospace 2>/dev/null ;;
  esac
  for line in "\${lines[@]}"; do
    value=\${line%% *}
    # What is listed may say what it means; what is inserted may not.
    if ((\${#lines[@]} > 1)) && [[ \${COMP_TYPE-} != 37 && $line == *' '?* ]]; then
      printf -v line '%-20s  %s' "$value" "\${line#* }"
      COMPREPLY+=("\${line:0:\${COLUMNS:-80}-2}")
    else
      COMPREPLY+=("$value")
    fi
  done
}
complete -F _access_key_rotation access-key-rotation
`;

const ZSH = `#compdef access-key-rotation
# Completion of access-key-rotation for zsh. To install it, once:
#   mkdir -p ~/.zfunc
#   access-key-rotation completion zsh > ~/.zfunc/_access-key-rotation
# and in ~/.zshrc, before compinit:
#   fpath=(~/.zfunc $fpath); autoload -Uz compinit && compinit

_access_key_rotation() {
  local line kind
  local -a lines candidates
  # Q takes quotes away and carries out nothing; of the word at the cursor PREFIX is what stands before it.
  lines=("\${(@f)$(access-key-rotation complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  kind=$lines[1]
  if [[ $kind == files ]]; then
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    _files
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    # What has no meaning to show has no colon: it would be listed with a dash and nothing after it.
    candidates+=("\${\${line%% *}//:/\\\\:}\${\${line#* }:+:\${\${line#* }//\\\\/\\\\\\\\}}")
  done
  if [[ $kind == unfinished ]]; then
    _describe 'value' candidates -S ''
  else
    _describe 'value' candidates
  fi
}
if [[ $zsh_eval_context == *func ]]; then
  _access_key_rotation "$@"
else
  compdef _access_key_rotation access-key-rotation
fi
`;

const FISH = `# Completion of access-key-rotation for fish. To install it, once:
#   access-key-rotation completion fish > ~/.config/fish/completions/access-key-rotation.fish

function __access_key_rotation
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    # Neither carries anything out. A quotation that has only begun can't be unescaped.
    set -l current (string unescape -- "$typed"; or string replace -r '^["\\']' '' -- "$typed")
    set -l lines (access-key-rotation complete fish -- $words[2..] "$current" 2>/dev/null)
    if test "$lines[1]" = files
        set -l sign (string match -r -- '^--[^=]+=' "$current")
        set -l paths (complete -C "'' "(string escape -- (string replace -r -- '^--[^=]+=' '' "$current")))
        string join \\n -- "$sign"$paths
    else if test (count $lines) -gt 1
        string replace ' ' \\t -- $lines[2..]
    end
end
complete -c access-key-rotation -f -a '(__access_key_rotation)'
`;

/** Each with how to install it as a comment. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
