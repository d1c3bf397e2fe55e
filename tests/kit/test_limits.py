import pytest

from marketplace.kit.limits import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:7:1:2:3:4:5", "2001:db8:7::/48"),
        ("2001:DB8:7:ffff::", "2001:db8:7::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("192.0.2.7:5678", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::/48"),
        ("[2001:db8::1]", "2001:db8::/48"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("192.0.2.7, 192.0.2.8", ""),
        ("unknown:5678", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_48_of_an_ipv6_one(address, network):
    assert network_of(address) == network
