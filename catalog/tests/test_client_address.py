"""The address of the client: that of the connection, or what trusted proxies say."""

import pytest

from soundtrack_site.client_address import client_address

PROXIES = ["127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48"]


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network_of_64_bits(rf, remote, counted):
    assert client_address(rf.get("/", REMOTE_ADDR=remote)) == counted


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # no trusted proxy: the header is not believed
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the client wrote the first itself
        ("127.0.0.1", "203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),  # two proxies
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"),  # a client in the network of the proxies
        ("127.0.0.1", "198.51.100.7, evil", "127.0.0.1"),
        ("127.0.0.1", "evil, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7:51034", "198.51.100.7"),
        ("127.0.0.1", "[2001:db8:1:2:3::9]:443", "2001:db8:1:2::"),
        ("127.0.0.1", "2001:db8:1:2:3::9", "2001:db8:1:2::"),
        ("2001:db8:ffff::1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "," * 8000, "127.0.0.1"),
    ],
)
def test_the_header_of_a_trusted_proxy_names_the_client(rf, settings, remote, forwarded, counted):
    settings.TRUSTED_PROXIES = PROXIES
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(rf.get("/", REMOTE_ADDR=remote, **headers)) == counted


def test_without_the_setting_no_header_is_believed(rf):
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert client_address(request) == "127.0.0.1"
