package dev.linnet.machine.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.garbage.Verdict.OwnerState;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void keepsWhatHasAllItsOwnersAndWhatNeverHadAny() {
        assertThat(verdict(owned("a"), Map.of("a", OwnerState.THERE), false)).isEqualTo(new Verdict.Keep());
        assertThat(verdict(owned(), Map.of(), false)).isEqualTo(new Verdict.Keep());
    }

    @Test
    void deletesWhatHasLostItsLastOwner() {
        assertThat(verdict(owned("a", "b"), Map.of("a", OwnerState.GONE, "b", OwnerState.GONE), true))
                .isEqualTo(new Verdict.Delete("Background"));
    }

    @Test
    void forgetsAnOwnerThatIsGoneOrGoingWhileAnotherLives() {
        Map<String, OwnerState> states =
                Map.of("a", OwnerState.GONE, "b", OwnerState.THERE, "c", OwnerState.WAITS_FOR_DEPENDENTS);
        assertThat(verdict(owned("a", "b", "c"), states, false)).isEqualTo(new Verdict.Disown(Set.of("a", "c")));
    }

    @Test
    void passesForegroundDeletionOnToWhatHasDependentsItself() {
        Map<String, OwnerState> waiting = Map.of("a", OwnerState.WAITS_FOR_DEPENDENTS);
        assertThat(verdict(owned("a"), waiting, true)).isEqualTo(new Verdict.Delete("Foreground"));
        assertThat(verdict(owned("a"), waiting, false)).isEqualTo(new Verdict.Delete("Background"));
    }

    @Test
    void respectsHowTheObjectItselfWantsToBeDeleted() {
        ConfigMap orphaning = new ConfigMapBuilder(owned("a"))
                .editMetadata()
                .withFinalizers("orphan")
                .endMetadata()
                .build();
        assertThat(verdict(orphaning, Map.of("a", OwnerState.GONE), true)).isEqualTo(new Verdict.Delete("Orphan"));
    }

    private static Verdict verdict(ConfigMap object, Map<String, OwnerState> states, boolean hasDependents) {
        return Verdict.of(object, owner -> states.getOrDefault(owner.getUid(), OwnerState.THERE), hasDependents);
    }

    private static ConfigMap owned(String... uids) {
        ConfigMapBuilder builder =
                new ConfigMapBuilder().withNewMetadata().withName("x").endMetadata();
        for (String uid : uids) {
            builder.editMetadata()
                    .addNewOwnerReference()
                    .withApiVersion("v1")
                    .withKind("ConfigMap")
                    .withName(uid)
                    .withUid(uid)
                    .endOwnerReference()
                    .endMetadata();
        }
        return builder.build();
    }
}
