"""A print service of the test's own: cupsd on loopback with its own folders, and printers that fail when told to.

Jobs go through CUPS's own scheduler and filters; only the last step, the device, is a script that puts what it gets
into a folder. Nothing of the system's print service is touched.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pikepdf

CUPSD = shutil.which("cupsd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
SERVER_BIN = Path("/usr/lib/cups")
PATIENCE_S = 20.0

DEVICE = """#!/bin/sh
# What a device driver of CUPS is called with: job, user, title, copies, options, and perhaps a file.
[ $# -eq 0 ] && {{ echo 'direct tray "Test" "Tray"'; exit 0; }}
if [ -e "{folder}/empty" ]; then
    echo "STATE: +media-empty-error" >&2
    while [ -e "{folder}/empty" ]; do sleep 0.05; done
    echo "STATE: -media-empty-error" >&2
fi
[ -e "{folder}/broken" ] && {{ echo "ERROR: the device is gone" >&2; exit {fault}; }}
cat ${{6:+"$6"}} > "{folder}/$(printf %05d "$1").part" || exit 1
echo "$5" > "{folder}/$(printf %05d "$1").options"
mv "{folder}/$(printf %05d "$1").part" "{folder}/$(printf %05d "$1").pdf"
"""

PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "TRAY.PPD"
*Product: "(Tray)"
*Manufacturer: "Test"
*ModelName: "Tray"
*ShortNickName: "Tray"
*NickName: "Tray"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*cupsVersion: 2.4
*cupsFilter: "application/vnd.cups-pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "0 0 595 842"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
*OpenUI *Duplex/Duplex: PickOne
*OrderDependency: 20 AnySetup *Duplex
*DefaultDuplex: None
*Duplex None/Off: ""
*Duplex DuplexNoTumble/Long: ""
*Duplex DuplexTumble/Short: ""
*CloseUI: *Duplex
"""

CONFIGURATION = """
Listen 127.0.0.1:{port}
Browsing No
DefaultAuthType None
WebInterface No
LogLevel warn
MaxJobs 0
ErrorPolicy {policy}
JobKillDelay 1
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

FILES = """
ServerRoot {root}/etc
ServerBin {root}/bin
DataDir /usr/share/cups
DocumentRoot {root}
StateDir {root}/state
CacheDir {root}/cache
RequestRoot {root}/spool
TempDir {root}/tmp
AccessLog {root}/access.log
ErrorLog {root}/error.log
PageLog {root}/page.log
SystemGroup root
User {user}
Group {group}
"""


@dataclass
class PrintService:
    """The running service; ``server`` is what CUPS_SERVER is to say."""

    root: Path
    server: str
    process: subprocess.Popen[bytes]

    def add_printer(self, name: str, *, fault: int = 1) -> Tray:
        """A printer whose device ends with ``fault`` when it is broken: 1 as the queue's policy says, 4 stops it."""
        folder = self.root / f"tray-{name}"
        folder.mkdir()
        folder.chmod(0o777)
        device = self.root / "bin" / "backend" / name
        device.write_text(DEVICE.format(folder=folder, fault=fault))
        device.chmod(0o755)
        ppd = self.root / "tray.ppd"
        ppd.write_text(PPD)
        self.run("lpadmin", "-p", name, "-E", "-v", f"{name}:/tray", "-P", str(ppd))
        return Tray(name, folder, self)

    def run(self, program: str, *arguments: str) -> None:
        """One of CUPS's administration programs, against this service."""
        command = [shutil.which(program, path=f"/usr/sbin:{os.environ['PATH']}") or program]
        command += ["-h", self.server, *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        assert ran.returncode == 0, ran.stderr

    def stop(self) -> None:
        """End the service, as when the print server is taken away."""
        self.process.terminate()
        self.process.wait(PATIENCE_S)


@dataclass
class Tray:
    """A printer of the service and what lies in its tray."""

    name: str
    folder: Path
    service: PrintService

    @property
    def jobs(self) -> list[Path]:
        """What came out, in the order of the jobs."""
        return sorted(self.folder.glob("*.pdf"))

    @property
    def pages(self) -> int:
        """How many pages came out."""
        return sum(_pages(job) for job in self.jobs)

    @property
    def options(self) -> str:
        """The options of the last job."""
        return sorted(self.folder.glob("*.options"))[-1].read_text()

    def set(self, fault: str) -> None:
        """Let it be ``empty`` (out of paper) or ``broken``."""
        (self.folder / fault).touch()

    def mend(self, fault: str) -> None:
        """Put an end to that."""
        (self.folder / fault).unlink()

    def remove(self) -> None:
        """Take the printer away."""
        self.service.run("lpadmin", "-x", self.name)

    def reject(self) -> None:
        """Take no more jobs."""
        self.service.run("cupsreject", self.name)


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


@contextmanager
def running(root: Path, policy: str = "stop-printer") -> Iterator[PrintService]:
    """A print service with its folders below ``root``, which must have a short path; RuntimeError when none starts."""
    if CUPSD is None:
        raise RuntimeError("cupsd is not installed (package cups)")
    _make_folders(root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user, group = _identity()
    (root / "etc" / "cupsd.conf").write_text(CONFIGURATION.format(port=port, policy=policy))
    (root / "etc" / "cups-files.conf").write_text(FILES.format(root=root, user=user, group=group))
    arguments = ["-f", "-c", str(root / "etc" / "cupsd.conf"), "-s", str(root / "etc" / "cups-files.conf")]
    with (root / "cupsd.out").open("wb") as output:
        process = subprocess.Popen([CUPSD, *arguments], stdout=output, stderr=output)
        try:
            _await(process, port, root)
            yield PrintService(root, f"127.0.0.1:{port}", process)
        finally:
            with suppress(OSError):
                process.terminate()
            process.wait(PATIENCE_S)


def _make_folders(root: Path) -> None:
    for name in ("etc", "state", "cache", "spool", "spool/tmp", "tmp", "bin/backend"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)  # filters run as another user and write there
    for name in ("filter", "daemon", "monitor", "notifier", "driver", "cgi-bin"):
        if (SERVER_BIN / name).exists():
            (root / "bin" / name).symlink_to(SERVER_BIN / name)


def _identity() -> tuple[str, str]:
    """Who its filters and devices run as: as root it insists on somebody else."""
    if os.geteuid() == 0:
        return "lp", "lp"
    import grp
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def _await(process: subprocess.Popen[bytes], port: int, root: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    log = root / "error.log"
    said = (root / "cupsd.out").read_text() + (log.read_text() if log.exists() else "")
    raise RuntimeError(f"cupsd does not start: {said[-500:]}")
