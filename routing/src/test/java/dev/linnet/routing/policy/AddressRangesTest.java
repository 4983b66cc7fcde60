package dev.linnet.routing.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "1.2.3.4, 1.2.3.4, true",
        "1.2.3.4, 1.2.3.5, false",
        "1.2.3.4/31, 1.2.3.5, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 1.2.3.4, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::2, false",
        "1.2.3.4, ::ffff:1.2.3.4, true",
        "::ffff:1.2.3.4, 1.2.3.4, true"
    })
    void containsWhatIsInTheNetwork(String range, String address, boolean contained) {
        AddressRanges ranges = AddressRanges.parse(range).orElseThrow();
        assertThat(ranges.contains(Addresses.parse(address).orElseThrow())).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0/8",
                "10.0.0.256",
                "010.0.0.1",
                "1.2.3.4,",
                "1.2.3.4 5.6.7.8",
                "::/129",
                "fe80::1%eth0",
                "localhost",
                "1.2.3.4\n5",
                "[::1]",
                "1.2.3.4.5",
                "12345::",
                "10.0.0.0/008888"
            })
    void refusesWhatIsNoListOfNetworks(String list) {
        assertThat(AddressRanges.parse(list)).isEmpty();
    }

    @Test
    void saysWhatItUnderstood() {
        assertThat(AddressRanges.parse(" 10.1.2.3/8 , 2001:db8::1/64,1.2.3.4").orElseThrow())
                .hasToString("10.0.0.0/8, 2001:db8:0:0:0:0:0:0/64, 1.2.3.4/32");
    }

    @Test
    void containsNoAddressThatIsNone() {
        assertThat(AddressRanges.parse("0.0.0.0/0,::/0").orElseThrow().contains(new byte[0]))
                .isFalse();
    }
}
