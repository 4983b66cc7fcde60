package dev.linnet.gateway;

import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Access.Cache;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Sources;
import dev.linnet.routing.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A gateway that asks somebody for leave before its upstream. */
final class LeaveWorld implements AutoCloseable {
    static final ServiceRef AUTH = new ServiceRef("auth", "oauth", "4180");
    static final String UNAUTHORIZED = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";

    final World world = new World();
    final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    LeaveWorld() {
        world.everythingTo(upstream);
    }

    static Leave leave() {
        return new Asking().leave();
    }

    static Leave withSignIn(String url) {
        return new Asking().signIn(url).leave();
    }

    static Leave passingOn(String... names) {
        return new Asking().passingOn(names).leave();
    }

    static Leave cachedBy(String key) {
        return new Asking()
                .passingOn("foo")
                .cached(new Cache(Asking.template(key), Map.of(200, Duration.ofMinutes(5), 401, Duration.ofMinutes(5))))
                .leave();
    }

    static Policy policy(Leave leave) {
        return Policy.NONE.withAccess(
                new Access(Sources.ANY, Optional.empty(), Optional.of(leave), false, Optional.empty(), List.of()));
    }

    void guard(Leave leave, ScriptedUpstream... gatekeepers) {
        world.routes(World.rule("/").withPolicy(policy(leave))).serve(AUTH, gatekeepers);
    }

    @Override
    public void close() {
        world.close();
    }
}
