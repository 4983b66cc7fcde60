package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx's own tests of merging canaries into routes (spec §8.6, M1 to M10, G1 to G5; M3, G3 and G5 stand with the limits). */
final class CanaryMergeTest {
    private final CanaryWorld world = new CanaryWorld();

    @Test
    void m1CanaryOfOneRoute() {
        world.primary("web", "/", "http-svc");
        world.canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(world.canaries("/")).containsExactly("http-svc-canary");
    }

    @Test
    void m2CanaryOfTwoHosts() {
        world.primary("web", "/", "http-svc");
        Ingress other = world.ingress("foo", "/", "foo-http-svc");
        other.getSpec().getRules().getFirst().setHost("foo.bar");
        world.add(other);
        Ingress both = world.ingress("v2", "/", "http-svc-canary", "canary", "true", "canary-weight", "10");
        var second = world.ingress("x", "/", "foo-http-svc-canary")
                .getSpec()
                .getRules()
                .getFirst();
        second.setHost("foo.bar");
        both.getSpec().setRules(List.of(both.getSpec().getRules().getFirst(), second));
        world.add(both);

        assertThat(world.translation().rules())
                .extracting(rule ->
                        rule.host() + " " + rule.canaries().getFirst().backend().name())
                .containsExactlyInAnyOrder("example.com http-svc-canary", "foo.bar foo-http-svc-canary");
    }

    @Test
    void m4G2CanaryOfADefaultBackend() {
        world.add(world.defaultBackend("v2", "http-svc-canary", "canary", "true", "canary-weight", "10"));
        world.add(world.defaultBackend("web", "http-svc"));

        assertThat(world.routes()).containsExactly("/ → http-svc");
        assertThat(world.canaries("/")).containsExactly("http-svc-canary");
    }

    @Test
    void m5G1CanaryOfNoDefaultBackend() {
        world.add(world.defaultBackend("v2", "http-svc-canary", "canary", "true", "canary-weight", "10"));

        assertThat(world.translation().rules()).isEmpty();
    }

    @Test
    void m6CanaryOfARuleWithoutHost() {
        Ingress any = world.ingress("web", "/", "http-svc");
        any.getSpec().getRules().getFirst().setHost(null);
        world.add(any);
        Ingress canary = world.ingress("v2", "/", "http-svc-canary", "canary", "true", "canary-weight", "10");
        canary.getSpec().getRules().getFirst().setHost(null);
        world.add(canary);

        assertThat(world.canaries("/")).containsExactly("http-svc-canary");
    }

    /** M7 and M8: sticky and absent hold a session to the canary; M9: legacy does not. */
    @ParameterizedTest
    @CsvSource({"sticky, true", "'', true", "legacy, false"})
    void m7m8m9CanariesHoldSessionsUnlessLegacy(String behaviour, boolean sticky) {
        world.add("web", "/", "http-svc", "affinity", "cookie", "session-cookie-name", "test");
        world.canary("v2", "/", "http-svc-canary", "canary-weight", "10", "affinity-canary-behavior", behaviour);

        assertThat(world.side("/").sticky()).isEqualTo(sticky);
    }

    @Test
    void m10CanaryOfARouteThatLeadsNowhere() {
        Ingress broken = world.ingress("web", "/", "");
        world.add(broken);
        world.canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(world.translation().rules()).isEmpty();
        assertThat(world.problems()).anyMatch(problem -> problem.startsWith("CanaryNotAttached"));
    }

    @Test
    void g4OrdinaryAndCanaryOfOneHost() {
        world.primary("web", "/", "http-svc");
        world.canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(world.routes()).containsExactly("/ → http-svc");
        assertThat(world.translation().rules()).extracting(Rule::host).containsExactly(CanaryWorld.HOST);
    }
}
