package dev.linnet.machine.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

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
        ClusterAddresses earlier = ClusterAddresses.claim(OptionalInt.of(222));
        earlier.close();

        try (ClusterAddresses later = ClusterAddresses.claim(OptionalInt.of(earlier.number()))) {
            assertThat(later.number()).isEqualTo(earlier.number());
        }
    }

    @Test
    void takesAnotherRangeWhenThePreferredOneIsTaken() {
        try (ClusterAddresses one = ClusterAddresses.claim();
                ClusterAddresses other = ClusterAddresses.claim(OptionalInt.of(one.number()))) {
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
