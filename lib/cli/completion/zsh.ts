import type { Offer } from './answers.ts';
import { quoted } from './bash.ts';
import { grouped, heading, marked, NAMES, type ScriptParts } from './script.ts';

/** A word and its description, as _describe reads them. */
const described = ({ word, help }: Offer): string =>
  quoted(help === '' ? word.replaceAll(':', '\\:') : `${word.replaceAll(':', '\\:')}:${help}`);

const tableOf = ({ answers }: ScriptParts): string =>
  grouped(answers)
    .map(
      ({ places, answer }) =>
        `  ${places.map(quoted).join('|')}) found=(${marked(answer).map(described).join(' ')}) ;;`,
    )
    .join('\n');

const list = (words: readonly string[]): string => words.map((word) => described({ word, help: '' })).join(' ');

/** A script for zsh; with what each word is for. */
export const zshScript = (parts: ScriptParts): string => `#compdef stream-manager.sh
${heading('zsh')}

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
  if [[ -r $1 ]]; then names+=(\${(f)"$(<$1)"}); fi
}

_stream_manager() {
  local place='' flag='' word='' current=$words[CURRENT]
  local data=\${QR_DATA_DIR:-${quoted(parts.dataDir)}}
  local -a found names taken
  local -i at count=0
  for ((at = 2; at < CURRENT; at += 1)); do
    word=\${(Q)words[at]}
    if [[ -n $flag ]]; then
      if [[ $flag == --data-dir ]]; then data=\${word/#\\~/$HOME}; fi
      flag=''
    elif [[ $word == --data-dir=* ]]; then
      data=\${word#*=}
    elif [[ $word == -* ]]; then
      if _stream_manager_found "value:$place $word"; then flag=$word; fi
    elif ((count == 0)) && _stream_manager_found "flags:\${place:+$place }$word"; then
      place=\${place:+$place }$word
    else
      ((count += 1))
    fi
  done
  if [[ -z $flag && $current == --*=* ]]; then
    flag=\${current%%=*}
    compset -P '*='
  fi

  if [[ -n $flag ]]; then
    _stream_manager_found "value:$place $flag"
  elif [[ $current == -* ]]; then
    _stream_manager_found "flags:$place"
  else
    if ((count == 0)) && _stream_manager_found "commands:$place"; then names=($found); fi
    _stream_manager_found "argument:$place $count" || _stream_manager_found "argument:$place more"
  fi

  for word in $found; do
    case $word in
    @list)
      taken=(\${(s:,:)\${current##*=}})
      compset -P '*,'
      ;;
    @topics)
      names+=(${list(NAMES.topics)})
      _stream_manager_seen $data/run/names/topics
      ;;
    @groups)
      names+=(${list(NAMES.groups)})
      _stream_manager_seen $data/run/names/groups
      ;;
    @events) names+=(${list(NAMES.events)}) ;;
    @logs) names+=(${list(NAMES.logs)}) ;;
    @files) _files ;;
    @folders) _files -/ ;;
    @text) ;;
    *) if (( ! \${taken[(I)$word]} )); then names+=($word); fi ;;
    esac
  done
  if (( $#names )); then _describe -t words 'word' names; fi
}

# Sourced, it registers itself; from a folder of fpath it is the function.
if [[ $funcstack[1] == _stream_manager || $funcstack[1] == _stream-manager.sh ]]; then
  _stream_manager "$@"
else
  compdef _stream_manager stream-manager.sh
fi
`;
