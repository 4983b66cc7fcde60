package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Authors hear of Services that cannot serve (limits L5, L6 and L22; row 24 of the scenario table). */
final class LackTest {
    private static final String HOST = "shop.example.com";
    private static final ObjectRef WEB = new ObjectRef("Ingress", "shop", "web");
    private static final ObjectRef CANARY = new ObjectRef("Ingress", "shop", "web-canary");

    private final Compiler compiler = new Compiler(ClassSettings.DEFAULT);

    @BeforeEach
    void aRouteWithACanary() {
        IngressClass nginx = Shop.ingressClass();
        compiler.take(new Change.OfIngressClass(new Change.Key("IngressClass", "", "nginx"), Optional.of(nginx)));
        take(Shop.ingress("web", HOST, "web"));
        take(Shop.canary("web-canary", HOST, "web-v2", "10"));
        take(Shop.service("web"));
        take(Shop.service("web-v2"));
        take(Shop.slice("web-1", "web", "10.0.0.1"));
        take(Shop.slice("web-v2-1", "web-v2", "10.0.0.2"));
        compiler.compile();
    }

    @Test
    void saysNothingWhereAllCanServe() {
        assertThat(problems(WEB)).isEmpty();
        assertThat(problems(CANARY)).isEmpty();
        assertThat(lack(WEB)).isEmpty();
    }

    @Test
    void limitL06CanaryWithoutEndpointsIsToldToItsAuthor() {
        take(Shop.slice("web-v2-1", "web-v2"));

        Update update = compiler.compile();

        assertThat(update.touched()).contains(CANARY).doesNotContain(WEB);
        assertThat(problems(CANARY))
                .containsExactly("shop/web-v2:80 has no ready endpoints: its requests go to the primary");
        assertThat(lack(CANARY)).contains(Lack.NO_ENDPOINT);
        assertThat(lack(WEB)).isEmpty();
    }

    @Test
    void limitL05PrimaryWithoutEndpointsIsToldToItsAuthor() {
        take(Shop.slice("web-1", "web"));

        assertThat(compiler.compile().touched()).contains(WEB);
        assertThat(problems(WEB))
                .containsExactly("shop/web:80 has no ready endpoints: requests that no canary takes are answered 503");

        take(Shop.slice("web-1", "web", "10.0.0.1"));
        assertThat(compiler.compile().touched()).contains(WEB);
        assertThat(problems(WEB)).isEmpty();
    }

    @Test
    void scenario24TellsOfAServiceThatDoesNotExistUntilItDoes() {
        compiler.take(new Change.OfService(new Change.Key("Service", "shop", "web-v2"), Optional.empty()));
        assertThat(compiler.compile().touched()).contains(CANARY);
        assertThat(problems(CANARY))
                .containsExactly("shop/web-v2:80 is a Service that does not exist: its requests go to the primary");
        assertThat(lack(CANARY)).contains(Lack.NO_SERVICE);

        take(Shop.service("web-v2"));
        compiler.compile();
        assertThat(lack(CANARY)).isEmpty();
    }

    @Test
    void canaryThatAsksForNoRequestsMayRestWithoutPods() {
        take(Shop.slice("web-v2-1", "web-v2"));
        take(Shop.canary("web-canary", HOST, "web-v2", "0"));

        compiler.compile();

        assertThat(problems(CANARY)).isEmpty();
        assertThat(lack(CANARY)).isEmpty();
    }

    @Test
    void forgetsWhatIsDeleted() {
        take(Shop.slice("web-v2-1", "web-v2"));
        compiler.compile();

        compiler.take(new Change.OfIngress(new Change.Key("Ingress", "shop", "web-canary"), Optional.empty()));
        compiler.compile();

        assertThat(compiler.followed(CANARY)).isEmpty();
        take(Shop.slice("web-v2-1", "web-v2", "10.0.0.3"));
        assertThat(compiler.compile().touched()).isEmpty();
    }

    private List<String> problems(ObjectRef object) {
        return compiler.followed(object).orElseThrow().problems().stream()
                .map(Problem::message)
                .toList();
    }

    private Optional<Lack> lack(ObjectRef object) {
        return compiler.followed(object).orElseThrow().lack();
    }

    private void take(Ingress ingress) {
        compiler.take(new Change.OfIngress(
                new Change.Key("Ingress", "shop", ingress.getMetadata().getName()), Optional.of(ingress)));
    }

    private void take(Service service) {
        compiler.take(new Change.OfService(
                new Change.Key("Service", "shop", service.getMetadata().getName()), Optional.of(service)));
    }

    private void take(EndpointSlice slice) {
        compiler.take(new Change.OfEndpointSlice(
                new Change.Key("EndpointSlice", "shop", slice.getMetadata().getName()), Optional.of(slice)));
    }
}
