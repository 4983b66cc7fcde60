package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.feed.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ListenersTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final String REFUSED = "Port cannot be served";

    private final World world = new World();
    private final Listeners listeners = new Listeners(world.gateway, HERE);

    @AfterEach
    void closes() {
        world.close();
    }

    @Test
    void saysOnceThatAPortCannotBeHadAndServesItAsSoonAsItCanBe() throws IOException {
        try (LogBook log = LogBook.of(Listeners.class)) {
            ServerSocket taken = new ServerSocket(0, 1, HERE);
            Listen wanted = new Listen(taken.getLocalPort(), "web", false);
            try (taken) {
                for (int update = 0; update < 3; update++) {
                    listeners.listenAt(Set.of(wanted));
                }
            }
            assertThat(log.messages()).containsExactly(REFUSED);

            listeners.listenAt(Set.of(wanted));
            try (Conversation client = Conversation.with(new InetSocketAddress(HERE, wanted.port()))) {
                assertThat(client.send(World.request("GET", "/")).readResponse().status())
                        .isEqualTo(404);
            }
            assertThat(log.messages()).containsExactly(REFUSED);
        }
    }

    @Test
    void saysAgainThatAPortCannotBeHadAfterNobodyHadWantedIt() throws IOException {
        try (LogBook log = LogBook.of(Listeners.class);
                ServerSocket taken = new ServerSocket(0, 1, HERE)) {
            Listen wanted = new Listen(taken.getLocalPort(), "web", false);
            listeners.listenAt(Set.of(wanted));
            listeners.listenAt(Set.of());
            listeners.listenAt(Set.of(wanted));

            assertThat(log.messages()).containsExactly(REFUSED, REFUSED);
        }
    }
}
