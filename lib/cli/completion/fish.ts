import type { Offer } from './answers.ts';
import { grouped, heading, marked, NAMES, type ScriptParts } from './script.ts';

/** A word as fish reads it. */
const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const pairs = (offers: readonly Offer[]): string =>
  offers.map(({ word, help }) => `${quoted(word)} ${quoted(help)}`).join(' ');

const tableOf = ({ answers }: ScriptParts): string =>
  grouped(answers)
    .map(
      ({ places, answer }) =>
        `    case ${places.map(quoted).join(' ')}\n      printf '%s\\t%s\\n' ${pairs(marked(answer))}`,
    )
    .join('\n');

const list = (words: readonly string[]): string => words.map(quoted).join(' ');

/** A script for fish; with what each word is for. */
export const fishScript = (parts: ScriptParts): string => `${heading('fish')}

# What may stand at a place: a word, a tab and what it is for; fails where nothing is known of it.
function __stream_manager_found
  switch "$argv[1]"
${tableOf(parts)}
    case '*'
      return 1
  end
end

function __stream_manager
  set -l place
  set -l flag
  set -l head ''
  set -l count 0
  set -l data ${quoted(parts.dataDir)}
  if set -q QR_DATA_DIR
    set data $QR_DATA_DIR
  end
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -e words[1]
  for word in $words
    if test -n "$flag"
      if test "$flag" = --data-dir
        set data (string replace -r '^~' $HOME -- $word)
      end
      set flag
    else if string match -q -- '--data-dir=*' $word
      set data (string replace -- '--data-dir=' '' $word)
    else if string match -q -- '-*' $word
      if __stream_manager_found "value:$place $word" >/dev/null
        set flag $word
      end
    else if test $count -eq 0; and __stream_manager_found (string join ' ' -- "flags:$place" $word | string replace 'flags: ' 'flags:') >/dev/null
      set place (string trim -- "$place $word")
    else
      set count (math $count + 1)
    end
  end
  if test -z "$flag"; and string match -q -- '--*=*' $current
    set flag (string replace -r '=.*' '' -- $current)
    set head "$flag="
    set current (string replace -r '^[^=]*=' '' -- $current)
  end

  set -l found
  if test -n "$flag"
    set found (__stream_manager_found "value:$place $flag")
  else if string match -q -- '-*' $current
    set found (__stream_manager_found "flags:$place")
  else
    if test $count -eq 0
      set found (__stream_manager_found "commands:$place")
    end
    set -l more (__stream_manager_found "argument:$place $count"; or __stream_manager_found "argument:$place more")
    set -a found $more
  end

  for line in $found
    switch $line
      case '@list*'
        if string match -q -- '*,*' $current
          set head $head(string replace -r '[^,]*$' '' -- $current)
        end
      case '@topics*'
        printf "$head%s\\n" ${list(NAMES.topics)}
        if test -r $data/run/names/topics
          string replace -r '^' "$head" <$data/run/names/topics
        end
      case '@groups*'
        printf "$head%s\\n" ${list(NAMES.groups)}
        if test -r $data/run/names/groups
          string replace -r '^' "$head" <$data/run/names/groups
        end
      case '@events*'
        printf "$head%s\\n" ${list(NAMES.events)}
      case '@logs*'
        printf "$head%s\\n" ${list(NAMES.logs)}
      case '@files*'
        __fish_complete_path $current
      case '@folders*'
        __fish_complete_directories $current ''
      case '@text*'
      case '*'
        printf '%s\\n' "$head$line"
    end
  end
end

complete -c stream-manager.sh -f -a '(__stream_manager)'
`;
