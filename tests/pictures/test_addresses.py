"""Which addresses a picture may come from."""

import socket

import pytest

from shopclerk.pictures.addresses import is_public, resolve_host

CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.8.8.8 168.63.129.16
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.168.1.1 198.18.0.1
198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:100.64.0.1
::ffff:0:0 ::ffff:224.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::6440:1 64:ff9b:1::1
100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
fec0::1 ff02::1
""".split()
OPEN = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.32.0.1 ::ffff:8.8.8.8 64:ff9b::808:808
2606:4700:4700::1111 2a00:1450:4001:800::200e
""".split()


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_inside_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_addresses_of_the_internet_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "1.1.1", "1.1.1.1.1", "08.8.8.8", "[::1]"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not is_public(text)


def test_each_address_of_a_host_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int, **how: int) -> list[tuple[object, ...]]:
        found = ["1.1.1.1", "1.0.0.1", "1.1.1.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert resolve_host("shop.example", 443) == ["1.1.1.1", "1.0.0.1"]
