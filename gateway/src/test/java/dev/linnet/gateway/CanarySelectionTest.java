package dev.linnet.gateway;

import static dev.linnet.gateway.CanaryScene.BY_HEADER;
import static dev.linnet.gateway.CanaryScene.CANARY;
import static dev.linnet.gateway.CanaryScene.PRIMARY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ingress-nginx's own tests of which requests a canary takes (spec §8.1, CAN-8 to CAN-19), over real sockets.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanarySelectionTest {
    @AutoClose
    private final CanaryScene scene;

    CanarySelectionTest(@TempDir Path directory) throws Exception {
        scene = new CanaryScene(directory);
    }

    @AfterEach
    void removeIngresses() {
        scene.removeIngresses();
    }

    @Test
    void can08HeaderAlwaysAndNever() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(CANARY);
        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: badheadervalue")).isEqualTo(PRIMARY);
    }

    /** Within five standard deviations. 5 of 10 is read as 5 of 100, as ingress-nginx reads it. */
    @ParameterizedTest
    @CsvSource({"X-15, 5, 10, 51, 149", "X-16, 1, 1000, 0, 9"})
    void x15AndX16SharesOfTwoThousandRequests(String scenario, String weight, String total, int least, int most) {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", weight, "canary-weight-total", total);

        int taken = 0;
        for (int i = 0; i < 2_000; i++) {
            taken += scene.get().equals(CANARY) ? 1 : 0;
        }

        assertThat(taken).as(scenario).isBetween(least, most);
    }

    @Test
    void x18AHeaderComesBeforeACookieAndAnyWeight() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "H", "canary-by-cookie", "C", "canary-weight", "100");

        assertThat(scene.get("H: always", "Cookie: C=never")).isEqualTo(CANARY);
        assertThat(scene.get("H: never", "Cookie: C=always")).isEqualTo(PRIMARY);
    }

    /** What is no weight is told to its author, and takes nothing; ingress-nginx would let 150 take all. */
    @ParameterizedTest
    @CsvSource({"-1, 100, false", "150, 100, false", "100, 0, true", "100, -5, true"})
    void x17WeightsAndTotalsThatAreNone(String weight, String total, boolean all) {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", weight, "canary-weight-total", total);

        for (int i = 0; i < 20; i++) {
            assertThat(scene.get()).isEqualTo(all ? CANARY : PRIMARY);
        }
        assertThat(scene.gateway.routes().problems()).isNotEmpty();
    }

    @Test
    void x19AHeadersValueWithoutItsHeaderSelectsNothing() {
        scene.primaryIngress();
        scene.canaryIngress("canary-by-header-value", "DoCanary", "canary-weight", "0");

        assertThat(scene.get("CanaryByHeader: DoCanary", "canary-by-header-value: DoCanary"))
                .isEqualTo(PRIMARY);
    }

    @Test
    void can09HeaderValue() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader", "canary-by-header-value", "DoCanary");

        assertThat(scene.get("CanaryByHeader: DoCanary")).isEqualTo(CANARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: otherheadervalue")).isEqualTo(PRIMARY);
    }

    @Test
    void can10HeaderPattern() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader", "canary-by-header-pattern", "^Do[A-Z][a-z]+y$");

        assertThat(scene.get("CanaryByHeader: DoCanary")).isEqualTo(CANARY);
        assertThat(scene.get("CanaryByHeader: Docanary")).isEqualTo(PRIMARY);
    }

    @Test
    void can11ValueComesBeforePattern() {
        scene.primaryIngress();
        scene.canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-value",
                "DoCanary",
                "canary-by-header-pattern",
                "^Do[A-Z][a-z]+y$");

        assertThat(scene.get("CanaryByHeader: DoCananry")).isEqualTo(PRIMARY);
    }

    @Test
    void can12BrokenPatternIsPrimary() {
        scene.primaryIngress();
        scene.canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-pattern",
                "[][**da?$&*",
                "canary-by-cookie",
                "CanaryByCookie");

        assertThat(scene.get("CanaryByHeader: DoCanary", "Cookie: CanaryByCookie=always"))
                .isEqualTo(PRIMARY);
    }

    @Test
    void can13CookieDecidesWhereTheHeadersValueDoesNot() {
        scene.primaryIngress();
        scene.canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-value",
                "DoCanary",
                "canary-by-cookie",
                "CanaryByCookie");

        assertThat(scene.get("CanaryByHeader: otherheadervalue", "Cookie: CanaryByCookie=always"))
                .isEqualTo(CANARY);
    }

    @Test
    void can14CookieAlwaysAndNever() {
        scene.primaryIngress();
        scene.canaryIngress("canary-by-cookie", "Canary-By-Cookie");

        for (int i = 0; i < 50; i++) {
            assertThat(scene.get("Cookie: Canary-By-Cookie=always")).isEqualTo(CANARY);
            assertThat(scene.get("Cookie: Canary-By-Cookie=never")).isEqualTo(PRIMARY);
            assertThat(scene.get("Cookie: Canary-By-Cookie=badcookievalue")).isEqualTo(PRIMARY);
        }
    }

    @Test
    void can15WeightZero() {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", "0");

        assertThat(scene.get()).isEqualTo(PRIMARY);
    }

    @Test
    void can16WeightHundred() {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", "100");

        assertThat(scene.get()).isEqualTo(CANARY);
    }

    @Test
    void can17WeightThousandOfThousand() {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", "1000", "canary-weight-total", "1000");

        assertThat(scene.get()).isEqualTo(CANARY);
    }

    @Test
    void can18WeightFiftySharesEvenly() {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", "50");

        sharesEvenly();
    }

    @Test
    void can19WeightHundredOfTwoHundredSharesEvenly() {
        scene.primaryIngress();
        scene.canaryIngress("canary-weight", "100", "canary-weight-total", "200");

        sharesEvenly();
    }

    private void sharesEvenly() {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            served.merge(scene.get(), 1, Integer::sum);
        }
        assertThat(served.keySet()).isEqualTo(Set.of(PRIMARY, CANARY));
        assertThat(served.values()).allMatch(count -> count >= 80);
    }
}
