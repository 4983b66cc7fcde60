package dev.linnet.machine.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressesTest {

    @Test
    void givesTwoClustersDifferentRanges() {
        try (ClusterAddresses one = ClusterAddresses.claim();
                ClusterAddresses other = ClusterAddresses.claim()) {
            assertThat(one.number()).isNotEqualTo(other.number()).isBetween(64, 250);
            assertThat(one.podRange()).isEqualTo("127." + one.number() + ".0.0/17");
            assertThat(one.serviceCidr()).isEqualTo("127." + one.number() + ".128.0/17");
        }
    }

    @Test
    void givesARangeBackOnClose() {
        ClusterAddresses earlier = ClusterAddresses.claim(OptionalInt.of(222), Optional.empty());
        earlier.close();

        try (ClusterAddresses later = ClusterAddresses.claim(OptionalInt.of(earlier.number()), Optional.empty())) {
            assertThat(later.number()).isEqualTo(earlier.number());
        }
    }

    @Test
    void takesAnotherRangeWhenThePreferredOneIsTaken() {
        try (ClusterAddresses one = ClusterAddresses.claim();
                ClusterAddresses other = ClusterAddresses.claim(OptionalInt.of(one.number()), Optional.empty())) {
            assertThat(other.number()).isNotEqualTo(one.number());
        }
    }

    @Test
    void lendsAddressesThatCanBeBound() throws IOException {
        try (ClusterAddresses addresses = ClusterAddresses.claim();
                ServerSocket pod = new ServerSocket();
                ServerSocket node = new ServerSocket()) {
            pod.bind(new InetSocketAddress(addresses.pods().take(), 0));
            node.bind(new InetSocketAddress(addresses.node(0), 0));

            assertThat(pod.getInetAddress().getHostAddress()).isEqualTo("127." + addresses.number() + ".0.2");
            assertThat(node.getInetAddress().getHostAddress()).isEqualTo("127." + addresses.number() + ".127.1");
            assertThat(addresses.pods().contains(addresses.node(0))).isFalse();
        }
    }

    @Test
    void givesPodsAddressesOfAnotherRangeWhereThatCanBeBound() throws IOException {
        PodRange range = PodRange.parse("127.33.7.19/28");
        try (ClusterAddresses addresses = ClusterAddresses.claim(OptionalInt.empty(), Optional.of(range));
                ServerSocket pod = new ServerSocket()) {
            assertThat(addresses.podRange()).isEqualTo("127.33.7.16/28");
            assertThat(addresses.serviceCidr()).isEqualTo("127." + addresses.number() + ".128.0/17");

            pod.bind(new InetSocketAddress(addresses.pods().take(), 0));
            assertThat(pod.getInetAddress().getHostAddress()).isEqualTo("127.33.7.17");
            assertThat(addresses.owns(pod.getInetAddress())).isTrue();
            assertThat(addresses.owns(addresses.node(0))).isTrue();
            assertThat(addresses.owns(InetAddress.ofLiteral("127.33.7.32"))).isFalse();

            assertThatThrownBy(() -> ClusterAddresses.claim(OptionalInt.empty(), Optional.of(range)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Pod addresses 127.33.7.16/28 are another cluster's: ");
        }
        ClusterAddresses.claim(OptionalInt.empty(), Optional.of(range)).close();
    }

    @Test
    void saysWhatMakesPodAddressesUsable() {
        // For documentation, RFC 5737: no machine has these.
        assertThatThrownBy(() ->
                        ClusterAddresses.claim(OptionalInt.empty(), Optional.of(PodRange.parse("203.0.113.0/24"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Pod addresses 203.0.113.0/24 are not this machine's: 203.0.113.1: ")
                .hasMessageEndingWith("\"ip route add local 203.0.113.0/24 dev lo\", as root, makes them so)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/30", "10.0.0.0/7", "10.0.0.256/16", "fd00::/64", "x"})
    void knowsWhatIsNoRangeOfPods(String text) {
        assertThatThrownBy(() -> PodRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the range of Pod addresses is " + text
                        + " (expected: an IPv4 range from /8 to /29, such as 10.244.0.0/16)");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void readsTheKernelsLimitAsItIs() throws IOException {
        byte[] buffer = new byte[32];
        try (InputStream file = new FileInputStream("/proc/sys/net/ipv4/ip_unprivileged_port_start")) {
            int length = file.read(buffer);

            assertThat(ClusterAddresses.unprivilegedPortStart() + "\n")
                    .isEqualTo(new String(buffer, 0, length, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void movesLowPortsUpWhereTheyMayNotBeBound() {
        LowPorts ordinaryUser = new LowPorts(1024);

        assertThat(ordinaryUser.realPort(80)).isEqualTo(20080);
        assertThat(ordinaryUser.realPort(1023)).isEqualTo(21023);
        assertThat(ordinaryUser.realPort(1024)).isEqualTo(1024);
        assertThat(LowPorts.allowed().realPort(80)).isEqualTo(80);
        assertThat(LowPorts.unprivilegedPortStart("80\n")).isEqualTo(80);
        assertThat(LowPorts.unprivilegedPortStart("")).isEqualTo(1024);
    }
}
