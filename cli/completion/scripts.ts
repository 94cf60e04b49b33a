/** The command that the scripts call; nobody types it. */
export const COMPLETE_COMMAND = "__complete";

/**
 * What a shell needs to know, as short as it can be: the words go to the command itself, as it was typed, and its
 * answer has a candidate per line, with a tab before its meaning. An answer of `:files` leaves it to the shell.
 */
export const SCRIPTS = {
  bash: `# mags-iac: completion for bash. In ~/.bashrc: eval "$(mags-iac completion bash)"
_mags_iac() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$current"))
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" ${COMPLETE_COMMAND} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _mags_iac mags-iac
`,
  zsh: `#compdef mags-iac
# mags-iac: completion for zsh. In ~/.zshrc, after compinit: eval "$(mags-iac completion zsh)"
_mags_iac() {
  local -a lines described
  local line tab=$'\\t'
  lines=("\${(@f)$("\${words[1]}" ${COMPLETE_COMMAND} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${lines[1]}" == ":files" ]]; then
    _files
    return
  fi
  for line in "\${(@)lines}"; do
    [[ -n "$line" ]] || continue
    described+=("\${\${line%%$tab*}//:/\\\\:}:\${line#*$tab}")
  done
  _describe mags-iac described
}
if [[ "\${funcstack[1]}" == "_mags_iac" ]]; then _mags_iac "$@"; else compdef _mags_iac mags-iac; fi
`,
  fish: `# mags-iac: completion for fish, as ~/.config/fish/completions/mags-iac.fish
function __mags_iac_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] ${COMPLETE_COMMAND} -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = ":files"
        __fish_complete_path "$current"
        return
    end
    printf '%s\\n' $lines
end
complete -c mags-iac -f -a '(__mags_iac_complete)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;
