package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What programs do with objects through fabric8's client: its verbs, all its kinds of patches, lists in pages. */
@ExtendWith(OnACluster.class)
final class FabricResourcesTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void createsReadsReplacesAndDeletes(KubernetesClient client) {
        ConfigMap created = client.resource(Objects.configMap("app", "1")).create();
        assertThat(created.getMetadata().getUid()).isNotEmpty();
        assertThat(client.configMaps().withName("app").get()).isEqualTo(created);
        refusedWith(409, () -> client.resource(Objects.configMap("app", "2")).create());
        client.resource(Objects.configMap("app", "2")).createOr(NonDeletingOperation::update);
        assertThat(client.configMaps().withName("app").require().getData()).containsExactly(Map.entry("key", "2"));
        refusedWith(409, () -> client.resource(created).lockResourceVersion().update());
        assertThat(client.configMaps().withName("app").require().getData()).containsEntry("key", "2");

        client.configMaps()
                .withName("app")
                .edit(map -> map.edit()
                        .editMetadata()
                        .addToLabels("tier", "web")
                        .endMetadata()
                        .build());
        client.resource(Objects.configMap("other", "1")).create();
        assertThat(client.configMaps().withLabel("tier").list().getItems())
                .extracting(map -> map.getMetadata().getName())
                .containsExactly("app");
        assertThat(client.configMaps()
                        .withLabelNotIn("tier", "web")
                        .withoutField("metadata.name", "kube-root-ca.crt")
                        .list()
                        .getItems())
                .extracting(map -> map.getMetadata().getName())
                .containsExactly("other");
        assertThat(client.configMaps().withName("app").delete())
                .singleElement()
                .satisfies(status -> assertThat(status.getCauses()).isEmpty());
        assertThat(client.configMaps().withName("app").get()).isNull();
        assertThat(client.configMaps().withName("app").delete()).isEmpty();
        assertThat(client.configMaps().withLabel("none").delete()).isEmpty();
        assertThat(client.supports(Deployment.class)).isTrue();
        assertThat(client.hasApiGroup("apps", true)).isTrue();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void patchesInEveryWay(KubernetesClient client) {
        Resource<Deployment> web = client.apps().deployments().withName("web");
        client.resource(Objects.deployment("web", 0)).create();
        web.patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"a\":\"b\"}}]");
        web.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"paused\":true},\"metadata\":{\"labels\":{\"c\":\"d\"}}}");
        web.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}");
        // The Deployment's controller writes its status meanwhile, which is a conflict: read and edit again.
        Deployment after = await().ignoreExceptionsMatching(FabricResourcesTest::isConflict)
                .until(
                        () -> web.edit(live -> new DeploymentBuilder(live)
                                .editSpec()
                                .withMinReadySeconds(3)
                                .endSpec()
                                .build()),
                        edited -> edited.getSpec().getMinReadySeconds() == 3);
        assertThat(after.getMetadata().getLabels()).containsEntry("a", "b").containsEntry("c", "d");
        assertThat(after.getSpec().getPaused()).isTrue();
        assertThat(after.getSpec().getMinReadySeconds()).isEqualTo(3);
        assertThat(after.getSpec().getTemplate().getSpec().getContainers())
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.getImage()).isEqualTo(Images.PODINFO);
                    assertThat(container.getEnv()).hasSize(1);
                });

        refusedWith(
                422,
                () -> web.patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":9}]"));
        refusedWith(422, () -> web.patch("{\"spec\":{\"replicas\":-1}}"));
        Deployment reported = client.resource(new DeploymentBuilder(web.require())
                        .editOrNewStatus()
                        .withCollisionCount(7)
                        .endStatus()
                        .editSpec()
                        .withReplicas(5)
                        .endSpec()
                        .build())
                .patchStatus();
        assertThat(reported.getSpec().getReplicas())
                .as("a status is written alone")
                .isZero();
        assertThat(web.require().getSpec().getReplicas()).isZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void appliesOnTheServersSideAndMeetsOtherOwners(KubernetesClient client) {
        ConfigMap first = client.resource(Objects.configMap("shared", "1"))
                .fieldManager("mine")
                .serverSideApply();
        ConfigMap again = client.resource(Objects.configMap("shared", "1"))
                .fieldManager("mine")
                .serverSideApply();
        assertThat(again.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
        assertThatThrownBy(() -> client.resource(Objects.configMap("shared", "2"))
                        .fieldManager("yours")
                        .serverSideApply())
                .isInstanceOfSatisfying(KubernetesClientException.class, conflict -> {
                    assertThat(conflict.getCode()).isEqualTo(409);
                    assertThat(conflict.getStatus().getMessage()).contains("conflict with \"mine\"");
                    assertThat(conflict.getStatus().getDetails().getCauses())
                            .singleElement()
                            .satisfies(cause -> assertThat(cause.getField()).isEqualTo(".data.key"));
                });
        assertThat(client.configMaps().withName("shared").require()).isEqualTo(again);
        client.resource(Objects.configMap("shared", "2"))
                .fieldManager("yours")
                .forceConflicts()
                .serverSideApply();
        ConfigMap forced = client.configMaps().withName("shared").require();
        assertThat(forced.getData()).containsEntry("key", "2");
        assertThat(forced.getMetadata().getManagedFields())
                .filteredOn(
                        entry -> entry.getFieldsV1().getAdditionalProperties().containsKey("f:data"))
                .extracting(entry -> entry.getManager() + " " + entry.getOperation())
                .containsExactly("yours Apply");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void changesNothingOnATrialRun(KubernetesClient client) {
        assertThat(client.resource(Objects.configMap("trial", "1"))
                        .dryRun(true)
                        .create()
                        .getMetadata()
                        .getUid())
                .isNotEmpty();
        assertThat(client.configMaps().withName("trial").get()).isNull();
        ConfigMap real = client.resource(Objects.configMap("real", "1")).create();
        assertThat(client.resource(Objects.configMap("real", "2"))
                        .dryRun(true)
                        .update()
                        .getData())
                .containsEntry("key", "2");
        assertThat(client.resource(Objects.configMap("real", "3"))
                        .dryRun(true)
                        .fieldManager("x")
                        .forceConflicts()
                        .serverSideApply()
                        .getData())
                .containsEntry("key", "3");
        client.configMaps().withName("real").dryRun(true).delete();
        assertThat(client.configMaps().withName("real").get()).isEqualTo(real);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void readsAListInPagesOfOneMoment(KubernetesClient client) {
        for (int number = 0; number < 7; number++) {
            client.resource(Objects.configMap("page-" + number, "1")
                            .edit()
                            .editMetadata()
                            .addToLabels("paged", "yes")
                            .endMetadata()
                            .build())
                    .create();
        }
        ConfigMapList first = page(client, "");
        client.configMaps().withName("page-5").delete();
        client.resource(Objects.configMap("page-9", "1")
                        .edit()
                        .editMetadata()
                        .addToLabels("paged", "yes")
                        .endMetadata()
                        .build())
                .create();
        ConfigMapList second = page(client, first.getMetadata().getContinue());
        ConfigMapList third = page(client, second.getMetadata().getContinue());
        assertThat(List.of(first, second, third))
                .flatExtracting(ConfigMapList::getItems)
                .extracting(map -> map.getMetadata().getName())
                .containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
        assertThat(third.getMetadata().getContinue()).isNullOrEmpty();
        assertThat(third.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    private static ConfigMapList page(KubernetesClient client, String from) {
        return client.configMaps()
                .withLabel("paged")
                .list(new ListOptionsBuilder().withLimit(3L).withContinue(from).build());
    }

    private static void refusedWith(int code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        failure -> assertThat(failure.getCode()).isEqualTo(code));
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof KubernetesClientException refused && refused.getCode() == 409;
    }
}
