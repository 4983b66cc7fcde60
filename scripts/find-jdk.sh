# Sourced by ./linnet and ./build: puts the home of a JDK 25 into JAVA_HOME, or explains what is missing and exits with 2.
# Looks at LINNET_JAVA_HOME and JAVA_HOME, then at `java` on the PATH, then where each platform usually keeps JDKs.

# Prints the feature version of the JDK at $1, nothing if there is none. Reads its `release` file: starting a JVM takes longer.
jdk_version() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_of_path() {
  found=$(command -v javac 2>/dev/null) || return 0
  while [ -L "$found" ]; do
    target=$(readlink "$found")
    case $target in /*) found=$target ;; *) found=$(dirname "$found")/$target ;; esac
  done
  dirname "$(dirname "$found")"
}

find_jdk() {
  seen=""
  for home in "${LINNET_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(jdk_of_path)" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk@25/libexec; do
    version=$(jdk_version "$home")
    [ -n "$version" ] || continue
    if [ "$version" = 25 ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
    seen="$seen
  $home is JDK $version"
  done
  {
    echo "linnet: no JDK 25 was found (looked at JAVA_HOME, the PATH and the usual places of this platform)."
    [ -z "$seen" ] || echo "Found instead:$seen"
    echo "Install one (for example Temurin 25), or name it: JAVA_HOME=/path/to/jdk-25 $0 ..."
  } >&2
  exit 2
}

need_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  echo "linnet: Maven was not found on the PATH (expected: mvn 3.8.7 or newer; on Debian: apt-get install maven)." >&2
  exit 2
}
