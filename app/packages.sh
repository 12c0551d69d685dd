# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Shell functions that app/run.sh and tests/run.sh share; sourced with the checkout as current folder.

say() { printf '== %s\n' "$*"; }

# fail MESSAGE...: one line per argument to stderr, then out.
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# listPackages SECTION...: "package reason" lines of these sections of app/packages.txt.
listPackages() {
    local wanted=" $* " section='' line name
    while IFS= read -r line; do
        case $line in
            '#'* | '') ;;
            '['*) section=${line#'['} section=${section%']'} ;;
            *)
                [[ $wanted == *" $section "* ]] || continue
                name=${line%%[[:space:]]*}
                printf '%s %s\n' "$name" "${line#*# }"
                ;;
        esac
    done < app/packages.txt
}

# installPackages SECTION...: installs what these sections name and this machine lacks.
installPackages() {
    if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
        say "This is not a Debian system, so nothing is installed; app/packages.txt lists what the build needs."
        return
    fi
    local have name reason missing=()
    have=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' 2> /dev/null) "
    while read -r name reason; do
        [[ $have == *" installed:$name "* ]] && continue
        missing+=("$name")
        say "To install: $name ($reason)"
    done < <(listPackages "$@")
    ((${#missing[@]})) || return 0

    local asRoot=()
    local byHand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    if ((EUID != 0)); then
        command -v sudo > /dev/null || fail "Packages are missing, and there is no sudo to install them with. Run as root:" "  $byHand"
        asRoot=(sudo)
    fi
    say "Installing ${#missing[@]} packages with apt-get"
    # Lists that could not be refreshed may still do; if not, the installation fails.
    "${asRoot[@]}" apt-get update -q || true
    "${asRoot[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}" ||
        fail "apt-get could not install what is missing. Once its message above is dealt with, run as root:" "  $byHand"
}

# jobs: how many compilers may run at once: one a processor, and 1.2 GB of memory for each.
jobs() {
    local processors memory
    processors=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo 2> /dev/null) || memory=''
    ((${memory:-processors} >= 1)) || memory=1
    echo $((${memory:-processors} < processors ? memory : processors))
}

# configure PRESET [OPTION...]: prepares build/PRESET.
configure() {
    local preset=$1
    shift
    say "Configuring build/$preset"
    cmake --preset "$preset" "$@"
}

# build PRESET [TARGET...]: builds these targets, or everything, in build/PRESET.
build() {
    local preset=$1
    shift
    say "Building build/$preset"
    cmake --build --preset "$preset" --parallel "$(jobs)" --target "${@:-all}"
}
