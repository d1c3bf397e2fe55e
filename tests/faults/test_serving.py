"""The web server's processes share its port, and with nobody else."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.slow


def test_a_second_server_on_the_same_port_says_so_and_ends(serve, environment):
    address, _pid = serve(workers=1)
    bind = urlsplit(address).netloc
    command = [sys.executable, "-m", "marketplace", "serve", "--bind", bind, "--workers", "1"]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert f"Nothing can be served at {bind}" in second.stderr
