#!/usr/bin/env pwsh
# ./build.ps1 [run|test|bench|publish|migration --name=X]
# As build.sh. On Windows the machine is made ready by hand: Chromium or Edge for PDF files, PostgreSQL for the tests.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$verb = if ($args.Count -gt 0) { $args[0] } else { 'test' }
$rest = @($args | Select-Object -Skip 1)

dotnet tool restore | Out-Null
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
dotnet cake build.cake --verbosity=normal --target=$verb @rest
if ($LASTEXITCODE -ne 0 -or $verb -ne 'run') { exit $LASTEXITCODE }

if (-not $env:ASPNETCORE_URLS) { $env:ASPNETCORE_URLS = "http://localhost:$(if ($env:PORT) { $env:PORT } else { 5080 })" }
if (-not $env:Portal__Demo) { $env:Portal__Demo = 'true' }
if (-not $env:Portal__DataDirectory) { $env:Portal__DataDirectory = "$PSScriptRoot/artifacts/data" }
& ./artifacts/portal/portal
exit $LASTEXITCODE
