package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Persistence;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What endpoints are told of their connections ({@code connection-proxy-header}, spec of ingress-nginx, §3.4). */
class PersistenceTest {
    @AutoClose
    private final World world = new World();

    private void tell(Persistence persistence) {
        world.routes(World.rule("/").withPolicy(Policy.NONE.withRelay(Relay.NONE.withPersistence(persistence))));
    }

    @Test
    void usesAConnectionOnceWhoseEndpointWasToldSo() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        tell(Persistence.CLOSE);

        world.get("/", "Connection: keep-alive");
        world.get("/");

        assertThat(upstream.nextHead()).contains("\r\nConnection: close\r\n").doesNotContain("keep-alive");
        assertThat(upstream.nextHead()).contains("\r\nConnection: close\r\n");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void saysInWordsThatAConnectionIsKept() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        tell(Persistence.KEEP);

        world.get("/");
        world.get("/");

        assertThat(upstream.nextHead()).contains("\r\nConnection: keep-alive\r\n");
        assertThat(upstream.nextHead()).contains("\r\nConnection: keep-alive\r\n");
        assertThat(upstream.connections()).isEqualTo(1);
    }

    /** Under nginx WebSockets stop working then. */
    @Test
    void leavesUpgradesTheirOwn() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("no");
        world.serve(World.WEB, upstream);
        tell(Persistence.CLOSE);

        world.client()
                .send(request("GET", "/", "Connection: Upgrade", "Upgrade: websocket"))
                .readResponse();

        assertThat(upstream.nextHead())
                .contains("\r\nConnection: upgrade\r\nUpgrade: websocket\r\n")
                .doesNotContain("close");
    }
}
