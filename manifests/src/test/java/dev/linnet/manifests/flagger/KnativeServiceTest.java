package dev.linnet.manifests.flagger;

import static dev.linnet.manifests.flagger.Plans.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What provider {@code knative} writes into its target, as Flagger's users know it (spec of Flagger, §3.11, §4.15 and D.6). */
class KnativeServiceTest {
    private static final String WRITTEN = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: podinfo
              generation: 3
              annotations: {flagger.app/primary-revision: podinfo-00001}
            spec:
              template: {spec: {containers: [{image: "podinfo:2"}]}}
              traffic:
              - {latestRevision: true, percent: 20}
              - {latestRevision: false, revisionName: podinfo-00001, percent: 80}
            status:
              observedGeneration: 3
              latestCreatedRevisionName: podinfo-00002
              conditions: [{type: ConfigurationsReady, status: "True"}, {type: RoutesReady, status: "True"}]
            """;
    private static final KnativeService SERVICE = read(WRITTEN);

    @Test
    void knowsItsRevisions() {
        assertThat(SERVICE.newest()).contains("podinfo-00002");
        assertThat(SERVICE.primary()).contains("podinfo-00001");
        assertThat(SERVICE.pinned()).contains("podinfo-00001");
        assertThat(SERVICE.images()).containsExactly("podinfo:2");
        KnativeService bare = read("metadata: {name: podinfo}");
        assertThat(bare.newest()).isEmpty();
        assertThat(bare.primary()).isEmpty();
        assertThat(bare.images()).isEmpty();
    }

    @Test
    void givesTheNewestRevisionItsShareAndThePrimarysAllElse() {
        assertThat(SERVICE.withTraffic("podinfo-00001", 30)).isEqualTo(yaml("""
                spec:
                  traffic:
                  - {latestRevision: true, percent: 30}
                  - {revisionName: podinfo-00001, percent: 70}
                """));
        assertThat(SERVICE.withTraffic("podinfo-00001", 20))
                .as("said so already, with what Knative adds")
                .isEmpty();
        assertThat(KnativeService.withPrimary("podinfo-00002"))
                .isEqualTo(yaml("metadata: {annotations: {flagger.app/primary-revision: podinfo-00002}}"));
    }

    @Test
    void readsTheShareOfTheNewestRevisionAlsoWhereSomebodyElseHasDealt() {
        assertThat(SERVICE.canaryShare()).isEqualTo(20);
        assertThat(dealt("[{latestRevision: true, tag: next}, {revisionName: podinfo-00001, percent: 100}]"))
                .isZero();
        assertThat(dealt("[{revisionName: podinfo-00002, percent: 40}, {revisionName: podinfo-00001, percent: 60}]"))
                .isEqualTo(40);
        assertThat(dealt("[{latestRevision: true, percent: 100}]")).isEqualTo(100);
        assertThat(dealt("[]")).as("as Knative does then").isEqualTo(100);
        assertThat(read(WRITTEN.replace("primary-revision: podinfo-00001", "primary-revision: podinfo-00002")
                                .replace("revisionName: podinfo-00001", "revisionName: podinfo-00002"))
                        .canaryShare())
                .as("the primary's own entry is no canary's")
                .isEqualTo(20);
    }

    private static int dealt(String traffic) {
        return read(WRITTEN.replaceAll("(?s)traffic:.*\nstatus:", "traffic: " + traffic + "\nstatus:"))
                .canaryShare();
    }

    @Test
    void saysWhyKnativeDoesNotObeyItYet() {
        assertThat(SERVICE.lag()).isEmpty();
        assertThat(read(WRITTEN.replace("observedGeneration: 3", "observedGeneration: 2"))
                        .lag())
                .contains("Knative has not seen its last change");
        assertThat(read(WRITTEN.replace(
                                "RoutesReady, status: \"True\"",
                                "RoutesReady, status: Unknown, message: Certificate is not ready"))
                        .lag())
                .contains("its condition RoutesReady is Unknown: Certificate is not ready");
        assertThat(read(WRITTEN.replace("RoutesReady", "Other")).lag())
                .contains("its condition RoutesReady is missing");
    }

    @Test
    void leadsToWhatComesNextOnceItIsReleasedButNeverToWhatWasNotPromoted() {
        assertThat(SERVICE.released()).isEqualTo(yaml("""
                spec:
                  traffic:
                  - {latestRevision: true, percent: 0}
                  - {revisionName: podinfo-00001, percent: 100}
                metadata: {annotations: {flagger.app/primary-revision: null}}
                """));
        assertThat(read(WRITTEN.replace("primary-revision: podinfo-00001", "primary-revision: podinfo-00002"))
                        .released())
                .isEqualTo(yaml("""
                        spec: {traffic: [{latestRevision: true, percent: 100}]}
                        metadata: {annotations: {flagger.app/primary-revision: null}}
                        """));
        assertThat(read(WRITTEN.replace("flagger.app/primary-revision", "other"))
                        .released())
                .as("no Canary is about it")
                .isEmpty();
    }

    @Test
    void readsWhetherARevisionIsReady() {
        String revision = """
                metadata: {name: podinfo-00002, generation: 1}
                status:
                  observedGeneration: 1
                  conditions: [{type: Active, status: "False"}, {type: Ready, status: "True"}]
                """;

        assertThat(RevisionStatuses.of(object(revision), Instant.EPOCH).isReady())
                .as("also while nobody calls it")
                .isTrue();
        assertThat(RevisionStatuses.of(
                                object(revision.replace(
                                        "Ready, status: \"True\"", "Ready, status: \"False\", message: no image")),
                                Instant.EPOCH)
                        .why())
                .isEqualTo("no image");
        assertThat(RevisionStatuses.of(object(revision.replace("generation: 1}", "generation: 2}")), Instant.EPOCH)
                        .isReady())
                .isFalse();
        assertThat(RevisionStatuses.of(object("metadata: {name: podinfo-00002}"), Instant.EPOCH)
                        .isReady())
                .isFalse();
    }

    private static KnativeService read(String service) {
        return new KnativeService(object(service));
    }

    private static GenericKubernetesResource object(String written) {
        return JsonMapper.builder().build().convertValue(yaml(written), GenericKubernetesResource.class);
    }
}
