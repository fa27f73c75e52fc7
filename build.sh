#!/usr/bin/env bash
# ./build.sh [run|test|bench|publish|migration --name X]
# Makes the machine ready, restores the local tools and calls Cake; what is built and how stands in build.cake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

verb=${1:-test}
shift $(($# > 0 ? 1 : 0))
case $verb in
  run | test | bench | publish | migration) ;;
  *)
    echo "Usage: ./build.sh [run|test|bench|publish|migration --name X]" >&2
    exit 1
    ;;
esac

export PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# --- The machine: what a fresh Debian with nothing but the .NET SDK lacks -------------------------------------------
has_file() { compgen -G "$1" >/dev/null; }
has_program() { command -v "$1" >/dev/null; }

required=() # nothing starts without these
optional=() # `run` goes on without these: everything but the PDF works
has_file '/usr/lib*/*/libicuuc.so.*' || has_file '/usr/lib*/libicuuc.so.*' || required+=(libicu)
if [[ $verb != publish ]]; then
  has_file '/usr/lib*/*/libsqlite3.so.0' || has_file '/usr/lib*/libsqlite3.so.0' || required+=(libsqlite3-0)
  has_program chromium || optional+=(chromium)
  has_file '/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf' || optional+=(fonts-noto-core)
  has_file '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.*' || optional+=(fonts-noto-cjk)
  has_file '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf' || optional+=(fonts-noto-color-emoji)
fi
if [[ $verb == test ]]; then
  has_program pdftotext || required+=(poppler-utils)
  has_program qpdf || required+=(qpdf)
  has_file '/usr/lib/postgresql/*/bin/initdb' || has_program initdb || required+=(postgresql)
  required+=("${optional[@]}")
  optional=()
fi

install() {
  local as_root=()
  [[ $(id -u) == 0 ]] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq || true # an old list may still do; if not, the install says so
  local packages=() package
  for package in "$@"; do # the name of libicu carries its version, which differs between Debian's
    [[ $package != libicu ]] || package=$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -1)
    packages+=("${package:-libicu}")
  done
  echo "Installing ${packages[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${packages[@]}" </dev/null
}

missing=("${required[@]}" "${optional[@]}")
if ((${#missing[@]} > 0)); then
  if ! has_program apt-get; then
    echo "Please install, under whatever name your system has for them: ${missing[*]}" >&2
  elif [[ $(id -u) != 0 ]] && ! sudo -n true 2>/dev/null; then
    echo "Please type this once as root:  apt-get update && apt-get install -y --no-install-recommends ${missing[*]/#libicu/"'^libicu[0-9]+$'"}" >&2
  elif install "${missing[@]}"; then
    required=() optional=()
  fi
  if ((${#required[@]} > 0)); then
    echo "build.sh $verb cannot go on without: ${required[*]}" >&2
    exit 1
  elif ((${#optional[@]} > 0)); then
    echo "Going on without ${optional[*]}: there will be no PDF files, or not with every script." >&2
  fi
fi

for place in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
  has_program dotnet || [[ ! -x $place/dotnet ]] || PATH="$PATH:$place"
done
if ! has_program dotnet; then
  echo "Please install the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 1
fi
# The published program looks for its runtime here; an SDK in an unusual place would otherwise not be found.
export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}"

# --- The build ------------------------------------------------------------------------------------------------------
restored=$(dotnet tool restore 2>&1) || {
  echo "$restored" >&2
  exit 1
}
[[ -t 1 ]] || export NO_COLOR=1
dotnet cake build.cake --verbosity=normal --target="$verb" "$@"

if [[ $verb == run ]]; then
  # The portal takes this shell's place, so that Ctrl+C and SIGTERM reach it and nothing is left behind.
  export ASPNETCORE_URLS="${ASPNETCORE_URLS:-http://localhost:${PORT:-5080}}"
  export Portal__Demo="${Portal__Demo:-true}" Portal__DataDirectory="${Portal__DataDirectory:-$PWD/artifacts/data}"
  exec artifacts/portal/portal
fi
