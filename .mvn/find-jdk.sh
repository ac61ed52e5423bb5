# Finds a JDK of release 25 or later and leaves its home in JAVA_HOME. Sourced by ./mvnw and
# ./hlotune, so that neither needs anything set up on a machine whose default java is older.
# Order: JAVA_HOME, the java on PATH, the usual places of Linux, SDKMAN, IDEs and macOS.

# Prints the release of the JDK in folder $1 (25 for "25.0.3"), or nothing if it is no JDK.
hlotune_jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r hlotune_key hlotune_value; do
    case "$hlotune_key" in
    JAVA_VERSION)
      hlotune_value="${hlotune_value#\"}"
      hlotune_value="${hlotune_value%%[!0-9]*}"
      printf %s "$hlotune_value"
      return 0
      ;;
    esac
  done <"$1/release"
}

# Succeeds, with JAVA_HOME set, if folder $1 is a JDK that is new enough.
hlotune_try_jdk() {
  hlotune_release="$(hlotune_jdk_release "$1")"
  [ -n "$hlotune_release" ] && [ "$hlotune_release" -ge 25 ] || return 1
  JAVA_HOME="$1"
  export JAVA_HOME
}

# Prints the home of the java on PATH, links followed, or nothing.
hlotune_jdk_on_path() {
  hlotune_java="$(command -v java 2>/dev/null)" || return 0
  hlotune_java="$(readlink -f "$hlotune_java" 2>/dev/null)" || return 0
  hlotune_java="${hlotune_java%/java}"
  printf %s "${hlotune_java%/bin}"
}

hlotune_find_jdk() {
  [ -n "${JAVA_HOME-}" ] && hlotune_try_jdk "$JAVA_HOME" && return 0
  hlotune_candidate="$(hlotune_jdk_on_path)"
  [ -n "$hlotune_candidate" ] && hlotune_try_jdk "$hlotune_candidate" && return 0
  for hlotune_candidate in \
    /usr/lib/jvm/* \
    "${HOME-}"/.sdkman/candidates/java/* \
    "${HOME-}"/.jdks/* \
    "${HOME-}"/.jdks/*/Contents/Home \
    /opt/* /opt/*/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    hlotune_try_jdk "$hlotune_candidate" && return 0
  done
  if [ -x /usr/libexec/java_home ]; then
    hlotune_candidate="$(/usr/libexec/java_home -v 25+ 2>/dev/null)" || hlotune_candidate=
    [ -n "$hlotune_candidate" ] && hlotune_try_jdk "$hlotune_candidate" && return 0
  fi
  echo "no JDK found: expected JDK 25 or later, got none in JAVA_HOME, on PATH, in /usr/lib/jvm, ~/.sdkman, ~/.jdks, /opt or /Library/Java; install one (https://adoptium.net) or set JAVA_HOME" >&2
  return 1
}
