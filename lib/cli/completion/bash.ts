import { grouped, heading, marked, NAMES, type ScriptParts } from './script.ts';

/** A word as sh, bash and zsh read it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const list = (words: readonly string[]): string => words.map(quoted).join(' ');

const tableOf = ({ answers }: ScriptParts): string =>
  grouped(answers)
    .map(
      ({ places, answer }) =>
        `  ${places.map(quoted).join('|')}) found=(${list(marked(answer).map(({ word }) => word))}) ;;`,
    )
    .join('\n');

/** A script for bash 3.2 (macOS) and later: no program is started while completing. */
export const bashScript = (parts: ScriptParts): string => `${heading('bash')}

# What may stand at a place, into "found"; fails where nothing is known of it.
_stream_manager_found() {
  found=()
  case $1 in
${tableOf(parts)}
  *) return 1 ;;
  esac
}

# Names that commands have seen on a stack, one a line.
_stream_manager_seen() {
  local name
  if [[ -r $1 ]]; then while read -r name; do names+=("$name"); done <"$1"; fi
}

_stream_manager() {
  local place='' flag='' word='' head='' isList='' current=\${COMP_WORDS[COMP_CWORD]}
  local data=\${QR_DATA_DIR:-${quoted(parts.dataDir)}}
  local -a found names
  local -i at count=0
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at += 1)); do
    word=\${COMP_WORDS[at]}
    if [[ -n $flag ]]; then
      # bash takes --env=prod for three words.
      if [[ $word == '=' ]]; then continue; fi
      if [[ $flag == --data-dir ]]; then data=\${word/#\\~/$HOME}; fi
      flag=''
    elif [[ $word == -* ]]; then
      if _stream_manager_found "value:$place $word"; then flag=$word; fi
    elif ((count == 0)) && _stream_manager_found "flags:\${place:+$place }$word"; then
      place=\${place:+$place }$word
    else
      count+=1
    fi
  done
  if [[ $current == '=' ]]; then current=''; fi

  if [[ -n $flag ]]; then
    _stream_manager_found "value:$place $flag"
  elif [[ $current == -* ]]; then
    _stream_manager_found "flags:$place"
  else
    if ((count == 0)) && _stream_manager_found "commands:$place"; then names=("\${found[@]}"); fi
    _stream_manager_found "argument:$place $count" || _stream_manager_found "argument:$place more"
  fi

  for word in "\${found[@]}"; do
    case $word in
    @list) isList=1 ;;
    @topics)
      names+=(${list(NAMES.topics)})
      _stream_manager_seen "$data/run/names/topics"
      ;;
    @groups)
      names+=(${list(NAMES.groups)})
      _stream_manager_seen "$data/run/names/groups"
      ;;
    @events) names+=(${list(NAMES.events)}) ;;
    @logs) names+=(${list(NAMES.logs)}) ;;
    @files) compopt -o default 2>/dev/null || while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current") ;;
    @folders) compopt -o dirnames 2>/dev/null || while read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$current") ;;
    @text) ;;
    *) names+=("$word") ;;
    esac
  done
  if [[ -n $isList && $current == *,* ]]; then head=\${current%,*},; fi
  for word in "\${names[@]}"; do
    if [[ $head$word == "$current"* && ,$head != *,"$word",* ]]; then COMPREPLY+=("$head$word"); fi
  done
}

complete -F _stream_manager stream-manager.sh
`;
