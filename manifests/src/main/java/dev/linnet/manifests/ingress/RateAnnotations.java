package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.Rates;
import java.util.Optional;
import java.util.OptionalInt;

/** How often one client may use the routes of an Ingress (spec of ingress-nginx, §4.7). A wrong value leaves out that one limit. */
final class RateAnnotations {
    private static final String EXPECTED = "a whole number, 1 or more; 0 for no limit";

    private RateAnnotations() {}

    static Rates read(Annotations annotations) {
        GlobalOptions.Access usual = annotations.options().access();
        Rates rates = new Rates(
                limit(annotations, "limit-rps"),
                limit(annotations, "limit-rpm"),
                limit(annotations, "limit-connections"),
                annotations
                        .wholeNumber("limit-burst-multiplier", 1, 10_000, "a whole number, 1 or more")
                        .orElse(Rates.USUAL_BURST),
                exempt(annotations),
                usual.limitStatus(),
                usual.connectionsStatus());
        return rates.isUnlimited() ? Rates.UNLIMITED : rates;
    }

    private static OptionalInt limit(Annotations annotations, String name) {
        OptionalInt limit = annotations.wholeNumber(name, 0, Integer.MAX_VALUE, EXPECTED);
        return limit.isPresent() && limit.getAsInt() == 0 ? OptionalInt.empty() : limit;
    }

    private static AddressRanges exempt(Annotations annotations) {
        String name = annotations.text("limit-allowlist").isPresent() ? "limit-allowlist" : "limit-whitelist";
        Optional<String> list = annotations.text(name);
        Optional<AddressRanges> ranges = list.flatMap(AddressRanges::parse);
        if (list.isPresent() && ranges.isEmpty()) {
            annotations.bad(
                    name, "is \"" + list.get() + "\" (expected: " + AddressRanges.EXPECTED + "): everybody is counted");
        }
        return ranges.orElse(AddressRanges.NONE);
    }
}
