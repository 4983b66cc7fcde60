package dev.linnet.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.linnet.rollout.judge.Comparison.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttributionTest {

    /** Computed independently, in another language, from the definition. */
    @ParameterizedTest
    @CsvSource({
        "0.05, 2, 0, 4.043551835",
        "0.05, 3, 1, 5.333785955",
        "0.05, 8, 28, 4.689147853",
        "0.1, 10, 30, 2.305064745",
        "0.5, 40, 10, 7.981372546",
        "0.05, 0, 50, -1.664598617",
        "0.05, 5, 95, -1.180910703"
    })
    void weighsFailuresByWhomTheyBelongTo(double share, int ofCanary, int ofPrimary, double logEvidence) {
        assertThat(Attribution.START
                        .plus(new Requests(share(share), ofCanary), new Requests(share(1 - share), ofPrimary))
                        .logEvidence())
                .isCloseTo(logEvidence, within(1e-8));
    }

    @Test
    void addsUpOverTimesOfDifferentShares() {
        Attribution evidence = Attribution.START
                .plus(new Requests(share(0.05), 4), new Requests(share(0.95), 20))
                .plus(new Requests(share(0.1), 9), new Requests(share(0.9), 30))
                .plus(new Requests(share(0.25), 10), new Requests(share(0.75), 20));

        assertThat(evidence.logEvidence()).isCloseTo(2.856568431, within(1e-8));
    }

    @Test
    void doesNotOverflowOrVanish() {
        Attribution evidence = Attribution.START;
        for (int minute = 0; minute < 10_000; minute++) {
            evidence = evidence.plus(new Requests(1000, 1000), new Requests(9000, 1));
        }
        assertThat(evidence.logEvidence()).isFinite().isGreaterThan(1e6);
    }

    @Test
    void waitsUntilBothVersionsHadRequests() {
        Comparison onlyCanary = Comparison.ofStep(1).plus(new Requests(10, 10), Requests.NONE);
        assertThat(onlyCanary.evidence()).isEqualTo(Attribution.START);

        Comparison both = onlyCanary.plus(Requests.NONE, new Requests(190, 0));
        assertThat(both.evidence()).isEqualTo(Attribution.START.plus(new Requests(10, 10), new Requests(190, 0)));
    }

    private static long share(double of) {
        return Math.round(of * 20_000);
    }
}
