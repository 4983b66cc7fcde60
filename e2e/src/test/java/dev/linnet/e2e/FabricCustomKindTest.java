package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Kinds that a program brings along, with a class for them and without. */
@ExtendWith(OnACluster.class)
final class FabricCustomKindTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void worksWithAKindThatHasAClass(KubernetesClient client) {
        Website.define(client);
        Website created = client.resource(Website.named("home", "hello")).create();
        assertThat(created.getSpec().replicas).as("the schema's default").isZero();
        assertThat(created.getMetadata().getGeneration()).isOne();
        Resource<Website> home = client.resources(Website.class).withName("home");
        assertThatThrownBy(() -> client.resource(Website.named("bad", "")).create())
                .isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(422);
                    assertThat(refused.getStatus().getDetails().getCauses())
                            .singleElement()
                            .satisfies(cause -> assertThat(cause.getField()).isEqualTo("spec.greeting"));
                });

        Website seen = home.editStatus(live -> {
            Website.Status status = new Website.Status();
            status.message = "seen";
            status.replicas = 2;
            live.setStatus(status);
            live.getSpec().greeting = "not this way";
            return live;
        });
        assertThat(seen.getStatus().message).isEqualTo("seen");
        assertThat(seen.getSpec().greeting).isEqualTo("hello");
        assertThat(seen.getMetadata().getGeneration()).isOne();
        Website edited = home.edit(live -> {
            live.getSpec().greeting = "good morning";
            return live;
        });
        assertThat(edited.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(edited.getStatus().message).isEqualTo("seen");
        assertThat(home.scale(3).getSpec().replicas).isEqualTo(3);
        assertThat(client.resource(Website.named("home", "applied"))
                        .forceConflicts()
                        .serverSideApply()
                        .getSpec()
                        .greeting)
                .isEqualTo("applied");
        home.delete();
        assertThat(home.get()).isNull();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void worksWithAKindThatIsKnownByNameOnly(KubernetesClient client) {
        Website.define(client);
        MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> websites =
                client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                        .withGroup("e2e.linnet.dev")
                        .withVersion("v1")
                        .withKind("Website")
                        .withPlural("websites")
                        .withNamespaced(true)
                        .build());
        try (SharedIndexInformer<GenericKubernetesResource> informer = websites.inform()) {
            GenericKubernetesResource shop = new GenericKubernetesResourceBuilder()
                    .withApiVersion("e2e.linnet.dev/v1")
                    .withKind("Website")
                    .withNewMetadata()
                    .withName("shop")
                    .endMetadata()
                    .addToAdditionalProperties("spec", Map.of("greeting", "hi"))
                    .build();
            websites.resource(shop).create();
            websites.withName("shop").edit(live -> {
                live.setAdditionalProperty("spec", Map.of("greeting", "hey", "replicas", 4));
                return live;
            });
            assertThat(websites.withName("shop").require().<Integer>get("spec", "replicas"))
                    .isEqualTo(4);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(informer.getStore().list())
                            .singleElement()
                            .satisfies(live -> assertThat(live.<String>get("spec", "greeting"))
                                    .isEqualTo("hey")));
            websites.withName("shop").delete();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> informer.getStore().list().isEmpty());
        }
    }
}
