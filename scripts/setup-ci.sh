#!/bin/sh
# The outside programs that tests compare with: Debian's packages. Run once on a CI machine (`npm run setup:ci`).
set -eu
sudo=''
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
chromium --version
