#!/usr/bin/env bash
# What the product and its full test suite want from Debian: a browser, Chinese fonts, and the text layout
# that the PDF of a document needs. Safe to repeat; needs root.
set -euo pipefail
missing=()
for package in chromium fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "system packages: nothing to install"
  exit 0
fi
echo "system packages: installing ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
