#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Attentoscope and opens it on an example:  bash app/run.sh [MODEL] [OPTION...]
# Without a display the window is drawn into a picture instead, and the alignment printed as text.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source app/packages.sh

installPackages engine window
configure release
build release attentoscope attn

# Qt wants a locale whose characters are UTF-8; C.UTF-8 is on every Debian.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
esac
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    say "Opening the window"
else
    say "No display (DISPLAY and WAYLAND_DISPLAY are not set): drawing the window into a picture"
fi
program=$PWD/build/release/bin/attentoscope
cd "$caller"
exec "$program" "$@"
