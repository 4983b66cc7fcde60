package dev.linnet.machine.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonHistoryTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final List<ControllerRevision> stored = new ArrayList<>();

    private static DaemonSet set(String image) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName("agent")
                .withNamespace("test")
                .withUid("uid")
                .addToAnnotations("kubernetes.io/change-cause", image)
                .endMetadata()
                .withNewSpec()
                .withRevisionHistoryLimit(1)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "agent")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("agent")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** As the controller would do it; what is stored has been JSON on the way. */
    private DaemonHistory remember(DaemonSet set, Pod... pods) {
        DaemonHistory history = DaemonHistory.of(set, stored, List.of(pods), JSON);
        if (history.isNew() || history.isRaised()) {
            stored.removeIf(revision -> name(revision).equals(name(history.current())));
            stored.add(JSON.unmarshal(JSON.asJson(history.current()), ControllerRevision.class));
        }
        stored.removeAll(history.forgotten());
        return history;
    }

    private static String name(ControllerRevision revision) {
        return revision.getMetadata().getName();
    }

    private static Pod pod(ControllerRevision of) {
        return new PodBuilder()
                .withNewMetadata()
                .addToLabels(DaemonPlan.HASH_LABEL, DaemonHistory.hash(of))
                .endMetadata()
                .build();
    }

    @Test
    void writesDownEachTemplateAsThePatchThatBringsItBack() {
        ControllerRevision first = remember(set("agent:1")).current();

        assertThat(first.getRevision()).isEqualTo(1);
        assertThat(name(first)).isEqualTo("agent-" + DaemonHistory.hash(first));
        assertThat(first.getMetadata().getLabels()).containsEntry("app", "agent");
        assertThat(first.getMetadata().getAnnotations()).containsEntry("kubernetes.io/change-cause", "agent:1");
        assertThat(JSON.asJson(first.getData()))
                .isEqualTo(
                        "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"app\":\"agent\"}},"
                                + "\"spec\":{\"containers\":[{\"image\":\"agent:1\",\"name\":\"agent\"}]},\"$patch\":\"replace\"}}}");
        assertThat(remember(set("agent:1")).isNew()).isFalse();
    }

    @Test
    void givesATemplateThatComesBackANewNumber() {
        ControllerRevision first = remember(set("agent:1")).current();
        ControllerRevision second = remember(set("agent:2"), pod(first)).current();

        DaemonHistory back = remember(set("agent:1"), pod(second));

        assertThat(second.getRevision()).isEqualTo(2);
        assertThat(back.isNew()).isFalse();
        assertThat(back.isRaised()).isTrue();
        assertThat(back.current().getRevision()).isEqualTo(3);
        assertThat(name(back.current())).isEqualTo(name(first));
        assertThat(stored).hasSize(2);
    }

    @Test
    void forgetsWhatIsBeyondTheLimitUnlessPodsAreOfIt() {
        ControllerRevision first = remember(set("agent:1")).current();
        remember(set("agent:2"), pod(first));

        DaemonHistory third = remember(set("agent:3"), pod(first));
        assertThat(third.forgotten()).isEmpty();

        DaemonHistory fourth = remember(set("agent:4"), pod(third.current()));
        assertThat(fourth.forgotten()).extracting(DaemonHistoryTest::name).containsExactly(name(first));
    }
}
