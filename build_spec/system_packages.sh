#!/usr/bin/env bash
# Installs the missing packages of the named sections: system_packages.sh run test
# Asks apt only for what dpkg does not have; prints the one line to run where it may not install.
set -euo pipefail

list="$(dirname "$0")/system_packages.txt"

# Elsewhere than on Debian and its children the names mean nothing: the libraries are the user's affair.
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || exit 0

installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true) == installed ]]
}

missing=()
for section in "$@"; do
    grep -qx "\[$section\]" "$list" || { echo "system_packages.txt has no section [$section]" >&2; exit 2; }
    while IFS= read -r line; do
        IFS='|' read -r -a choices <<<"${line// /}"
        satisfied=no
        for package in "${choices[@]}"; do
            if installed "$package"; then satisfied=yes; break; fi
        done
        if [[ $satisfied == no ]]; then missing+=("${choices[0]}"); fi
    done < <(awk -v want="[$section]" '/^\[/ { inside = ($0 == want); next } inside && NF && !/^#/' "$list")
done

if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

sudo=()
if [[ $(id -u) -ne 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo=(sudo -n)
    else
        echo "System packages are missing. Run this once, then try again:" >&2
        echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
fi

echo "Installing system packages: ${missing[*]}" >&2
apt_get() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@"; }
install_missing() { apt_get install --yes --quiet=2 --no-install-recommends "${missing[@]}" >/dev/null; }

# Fresh machines have no package lists, others have lists that name files long gone: fetch them once, when it proves needed.
if ! install_missing 2>/dev/null; then
    apt_get update --quiet=2 || true   # a list that cannot be had may be one that is not needed
    install_missing
fi
