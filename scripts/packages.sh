# SPDX-License-Identifier: BSL-1.0
# Sourced by the other scripts: installs missing Debian and Ubuntu packages.

say() {
    printf '\n== %s\n' "$*"
}

# install_packages must|may PACKAGE...
# Installs missing packages, with root privileges only if there are any. With "must" an unavailable package ends the
# script, with "may" it is reported and skipped.
install_packages() {
    local need=$1 package missing=() available=() absent=()
    shift
    if ! command -v apt-get >/dev/null; then
        if [[ $need == must ]]; then
            say "There is no apt-get here. The equivalents of these packages have to be installed by hand: $*"
        fi
        return 0
    fi

    for package in "$@"; do
        if [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) != *" installed" ]]; then
            missing+=("$package")
        fi
    done
    if [[ ${#missing[@]} -eq 0 ]]; then
        return 0
    fi

    local as_root=()
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            say "Missing packages, and neither root nor sudo to install them: ${missing[*]}"
            [[ $need == may ]]
            return
        fi
        as_root=(sudo)
    fi

    say "Installing what is missing: ${missing[*]}"
    "${as_root[@]}" apt-get -q update
    for package in "${missing[@]}"; do
        if [[ $(apt-cache policy "$package") == *Candidate:\ [0-9]* ]]; then
            available+=("$package")
        else
            absent+=("$package")
        fi
    done
    if [[ ${#available[@]} -gt 0 ]]; then
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -q install -y --no-install-recommends "${available[@]}"
    fi
    if [[ ${#absent[@]} -gt 0 ]]; then
        say "This system has no package for: ${absent[*]}"
        [[ $need == may ]]
    fi
}
