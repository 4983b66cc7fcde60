package dev.linnet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.VersionPairs.Pair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which destinations are the two versions of one thing: {@code web1} and {@code web2} are of {@code web}. */
final class VersionPairsTest {
    private static final Pair<String> WEB = new Pair<>("web1", "web2");

    private static VersionPairs<String> of(List<List<String>> rules) {
        return VersionPairs.of(rules, name -> Optional.of(name.substring(0, name.length() - 1)));
    }

    @Test
    void takesTheFirstOfSeveralForThePrimary() {
        VersionPairs<String> pairs = of(List.of(List.of("web1", "web2", "web3"), List.of("api1", "api2")));

        assertThat(pairs.of(List.of("web1", "web2", "web3"))).contains(WEB);
        assertThat(pairs.of(List.of("api2"))).contains(new Pair<>("api1", "api2"));
        assertThat(pairs.of(List.of("web3"))).isEmpty();
        assertThat(pairs.of(List.of())).isEmpty();
    }

    @Test
    void keepsAPairHoweverLaterRulesOrderIt() {
        assertThat(of(List.of(List.of("web1", "web2"), List.of("web2", "web1"))).of(List.of("web2", "web1")))
                .contains(WEB);
    }

    @Test
    void takesTheLastRuleForThePrimaryWhereEachNamesOneVersion() {
        VersionPairs<String> pairs = of(List.of(List.of("web2"), List.of("api1"), List.of("web1")));

        assertThat(pairs.of(List.of("web2"))).contains(WEB);
        assertThat(pairs.of(List.of("web1"))).contains(WEB);
        assertThat(pairs.of(List.of("api1"))).isEmpty();
    }

    @Test
    void putsTheTwoVersionsInFrontAndKeepsWhatTheRuleSaysOfThem() {
        assertThat(VersionPairs.versions(
                        WEB, List.of("web3*", "web2*"), name -> name.substring(0, 4), name -> name + "-unnamed"))
                .containsExactly("web1-unnamed", "web2*", "web3*");
    }
}
