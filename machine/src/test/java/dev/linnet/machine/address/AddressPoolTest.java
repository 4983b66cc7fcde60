package dev.linnet.machine.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressPoolTest {

    private final AddressPool pool = new AddressPool(Ipv4.of(127, 70, 0, 2), 4);

    @Test
    void givesEachAddressOnce() {
        assertThat(pool.take().getHostAddress()).isEqualTo("127.70.0.2");
        assertThat(pool.take().getHostAddress()).isEqualTo("127.70.0.3");
        assertThat(pool.take().getHostAddress()).isEqualTo("127.70.0.4");
        assertThat(pool.take().getHostAddress()).isEqualTo("127.70.0.5");
        assertThatThrownBy(pool::take).hasMessageContaining("All 4 Pod addresses from 127.70.0.2 on are in use");
    }

    @Test
    void givesAReturnedAddressAgainOnlyAfterAllOthers() {
        InetAddress first = pool.take();
        pool.release(first);

        assertThat(pool.take()).isNotEqualTo(first);
        assertThat(pool.take()).isNotEqualTo(first);
        assertThat(pool.take()).isNotEqualTo(first);
        assertThat(pool.take()).isEqualTo(first);
    }

    @Test
    void givesAPodItsFormerAddressUnlessSomebodyHasIt() {
        assertThat(pool.take("127.70.0.3")).map(InetAddress::getHostAddress).contains("127.70.0.3");
        assertThat(pool.take("127.70.0.3")).isEmpty();
        assertThat(pool.take("127.70.0.6")).isEmpty();
        assertThat(pool.take("10.0.0.1")).isEmpty();
        assertThat(pool.take("not an address")).isEmpty();

        pool.take();
        assertThat(pool.take().getHostAddress()).isEqualTo("127.70.0.4");
    }

    @Test
    void knowsItsOwn() {
        assertThat(pool.contains(InetAddress.ofLiteral("127.70.0.5"))).isTrue();
        assertThat(pool.contains(InetAddress.ofLiteral("127.70.0.6"))).isFalse();
        assertThat(pool.contains(InetAddress.ofLiteral("127.70.0.1"))).isFalse();
        assertThat(pool.contains(InetAddress.ofLiteral("::1"))).isFalse();
    }
}
