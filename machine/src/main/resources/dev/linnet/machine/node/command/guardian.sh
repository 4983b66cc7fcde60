# Ends what a machine has started once the machine is gone, however it died. Standard input is a pipe whose other end the
# machine holds. A line +ID names a session (see setsid) that belongs to it, -ID one that is over; the line "end" says that
# nothing is left. The argument is in the environment of all that the machine starts.
mark=$1
sessions=' '

while read -r line; do
  session=${line#?}
  case $line in
    end) exit 0 ;;
    +*) sessions="$sessions$session " ;;
    -*)
      case $sessions in
        *" $session "*) sessions="${sessions%%" $session "*} ${sessions#*" $session "}" ;;
      esac
      ;;
  esac
done

# What forks while it is looked for is found the next time, and so is what was about to start when the machine died.
calm=0
while [ "$calm" -lt 10 ]; do
  calm=$((calm + 1))
  for file in $(grep -slF -- "$mark" /proc/[0-9]*/environ); do
    process=${file#/proc/}
    kill -KILL "${process%/environ}" 2>/dev/null && calm=0
  done
  for file in /proc/[0-9]*/stat; do
    { read -r stat <"$file"; } 2>/dev/null || continue
    process=${stat%% *}
    # The name, in parentheses, may hold anything. Behind it: state, parent, group, session.
    set -- ${stat##*) }
    [ "$1" != Z ] || continue
    case $sessions in
      *" $4 "*) kill -KILL "$process" 2>/dev/null && calm=0 ;;
    esac
  done
  sleep 0.1
done
