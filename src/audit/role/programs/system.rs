//! The tools of the system: they fetch, show, move and clean up.

use super::Row;
use crate::audit::role::Role::*;

pub const ROWS: &[Row] = &[
    (
        Cleanup,
        "rm kill pkill killall rmdir umount unmount taskkill truncate rd del rimraf shred Remove-Item Stop-Process Stop-Service Clear-Content",
        "",
    ),
    (Generated, "brew", "--fix"),
    (Verify, "brew", "style audit test-bot test"),
    (
        Support,
        "apt apt-get aptitude brew yum dnf apk choco gem rustup winget scoop vcpkg dpkg snap port pacman zypper emerge flatpak",
        "",
    ),
    (
        Support,
        "opam guix nix-env nix-channel nix-store softwareupdate installer hdiutil update-alternatives add-apt-repository ldconfig",
        "",
    ),
    (Support, "nix", "update"),
    (Generated, "nix nixpkgs-fmt", "fmt"),
    (Verify, "nix", "build flake check"),
    (Verify, "codesign spctl", "--verify --assess -vvv -a -v"),
    // Signed by nobody: for the machine itself.
    (Support, "codesign", "-"),
    (Publish, "codesign", "-s --sign"),
    (Publish, "gpg gpg2", "--detach-sign --detach-sig"),
    (Publish, "rpmsign", "--addsign"),
    (Verify, "nix-build hydra-check nixpkgs-review", ""),
    (
        Support,
        "echo printf cat ls dir grep egrep fgrep rg ag sed gsed awk gawk cp mv mkdir ln chmod chown chgrp curl wget tar cpio unzip zip gunzip md readelf nm xcopy robocopy copy move ren",
        "",
    ),
    (
        Support,
        "gzip xz zstd bzip2 7z 7za jq yq find sort head tail cd export source . set read which type test [ [[ true : false sleep",
        "",
    ),
    (
        Support,
        "yes wc tr cut uniq tee touch pushd popd date env printenv unset local exit return shopt trap wait eval systemctl service",
        "",
    ),
    (
        Support,
        "mdutil modprobe sysctl ulimit df du free ps top htop lscpu nproc uname hostname hostnamectl id whoami nvidia-smi xpu-smi rocm-smi rocminfo",
        "",
    ),
    (
        Support,
        "base64 openssl gpg ssh scp sftp rsync ssh-keyscan ssh-keygen ssh-add ssh-agent column dirname basename realpath readlink seq declare",
        "",
    ),
    (
        Support,
        "sw_vers defaults usermod groupadd adduser useradd passwd mount fallocate dd swapon swapoff ccache sccache ldd file stat objdump nm otool",
        "",
    ),
    (
        Support,
        "dumpbin where command hash mapfile comm paste readarray lsof netstat ss ip ifconfig ping nslookup dig nc xset dmesg journalctl tree simctl",
        "",
    ),
    (
        Support,
        "psql mysql mysqladmin mongo mongosh redis-cli sqlite3 sqlcmd createdb dropdb pg_isready pg_ctl pg_ctlcluster pg_dump pg_restore clickhouse",
        "",
    ),
    (
        Support,
        "lsb_release locale localectl locale-gen timedatectl screencapture xdpyinfo Xvfb adb emulator avdmanager sdkmanager pgrep xxd od hexdump strings",
        "",
    ),
    (
        Support,
        "cygpath reg regedit setx powercfg wmic netsh schtasks sc net icacls takeown mklink attrib wevtutil bcdedit subst",
        "",
    ),
    (
        Support,
        "security networksetup scutil launchctl spctl codesign osascript plutil pmset diskutil ghstack vim_cmd screen tmux script less more",
        "",
    ),
    (
        Support,
        "Write-Host Write-Output Write-Error Write-Warning Get-ChildItem Get-Content Get-Process Get-Item Get-Command New-Item Copy-Item Move-Item",
        "",
    ),
    (
        Support,
        "Expand-Archive Compress-Archive Add-MpPreference Set-MpPreference Get-MpComputerStatus Get-MpPreference Invoke-WebRequest Set-Location",
        "",
    ),
    (
        Support,
        "Out-File Set-Content Add-Content Tee-Object Set-ItemProperty New-ItemProperty Get-ItemProperty Start-Sleep Start-Service Get-Service",
        "",
    ),
    (
        Support,
        "Test-Path Join-Path Resolve-Path Import-Module Install-Module Select-Object Where-Object ForEach-Object Format-List Format-Table",
        "",
    ),
    (
        Support,
        "Start-Process Get-WmiObject Get-CimInstance Set-ExecutionPolicy Push-Location Pop-Location iwr irm Get-Date ConvertFrom-Json",
        "",
    ),
    (
        Support,
        "sha1sum sha256sum sha384sum sha512sum md5sum b2sum b3sum shasum cksum cmp diff diffstat colordiff patch uuidgen envsubst pv ts fold nl tac rev",
        "",
    ),
];
