# Runs a program that finds files and folders of its own at given paths, and all else where it always is. To be started in a
# mount namespace of its own (unshare --mount): nobody else sees any of it, and nothing is written to this machine's folders.
#
#   mounts.sh SCRATCH WORKING-DIRECTORY [PATH WHAT]... -- PROGRAM [ARGUMENT]...
#
# SCRATCH is an empty folder of the Pod. What cannot be mounted is told on standard error; the program runs without it.

links() {
  [ -e "$2" ] || [ -L "$2" ] || return 0
  into=$1
  shift
  ln -s "$@" "$into/"
}

# Puts an empty folder in the place of one of this machine's, with links to all that is in that, so that names can be made there.
replace() {
  number=$((number + 1))
  behind=$scratch/$number
  mkdir -p "$behind" && mount --rbind "$1" "$behind" && mount -t tmpfs -o mode=755 tmpfs "$1" &&
    links "$1" "$behind"/* && links "$1" "$behind"/.[!.]*
}

# The same for the root of all folders, which cannot be covered but left. What programs know by its name stays a folder.
leave_root() {
  new=$scratch/root
  top=${scratch#/}
  top=/${top%%/*}
  mkdir -p "$new" && mount -t tmpfs -o mode=755 tmpfs "$new" || return
  for folder in /proc /dev /sys /tmp "$top"; do
    if [ -d "$folder" ] && [ ! -L "$folder" ] && [ ! -d "$new$folder" ]; then
      mkdir "$new$folder" && mount --rbind "$folder" "$new$folder" || return
    fi
  done
  mkdir -p "$new/.replaced/0" && mount --rbind / "$new/.replaced/0" || return
  for entry in /* /.[!.]*; do
    if [ ! -d "$new$entry" ] && { [ -e "$entry" ] || [ -L "$entry" ]; }; then
      set -- "$@" ".replaced/0$entry"
    fi
  done
  ln -s "$@" "$new/"
}

# Whether a folder is in something that was mounted here before: then it is the Pod's, and names may be made in it.
is_ours() {
  printf '%s\n' "$mounted" | while read -r one; do
    case $1/ in
      "$one"/*) [ -z "$one" ] || exit 1 ;;
    esac
  done && return 1
  return 0
}

mount_at() {
  if [ ! -e "$1" ]; then
    above=${1%/*}
    while [ -n "$above" ] && [ ! -d "$above" ]; do above=${above%/*}; done
    # Without one, in the root that was left for this.
    if [ -z "$above" ]; then
      [ "$scratch" = /.replaced ] || return
    else
      is_ours "$above" || replace "$above" || return
    fi
    if [ -d "$2" ]; then
      mkdir -p "$1"
    else
      mkdir -p "${1%/*}" && : >"$1"
    fi || return
  fi
  mount --bind "$2" "$1" || return
  mounted="$mounted
$1"
}

# Whether a path begins with a name that the root does not have.
needs_root() {
  shift 2
  while [ "$1" != -- ]; do
    first=${1#/}
    [ -e "/${first%%/*}" ] || return 0
    shift 2
  done
  return 1
}

scratch=$1
if [ "$scratch" != /.replaced ] && needs_root "$@" && (leave_root); then
  shift
  # From there on links lead where the program will see them lead.
  exec chroot "$scratch/root" "${BASH:-sh}" "$0" /.replaced "$@"
fi
working_directory=$2
shift 2
mounted=
number=0
while [ "$1" != -- ]; do
  mount_at "$1" "$2" || echo "linnet: $1 cannot be mounted at this path" >&2
  shift 2
done
shift
cd "$working_directory" || exit 126
exec "$@"
