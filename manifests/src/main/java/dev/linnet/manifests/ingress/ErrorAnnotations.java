package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.GlobalOptions.Errors;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.ErrorPages;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Who answers instead of errors (spec of ingress-nginx, §3.9). */
final class ErrorAnnotations {
    static final String CODES_EXPECTED = "numbers from 400 to 599, separated by commas";
    private static final String CODES = "custom-http-errors";
    private static final String BACKEND = "default-backend";
    private static final String LEAVE_ANSWERS = "disable-proxy-intercept-errors";
    private static final Pattern SERVICE = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    private ErrorAnnotations() {}

    static ErrorPages read(Annotations annotations) {
        Errors usual = annotations.options().errors();
        return new ErrorPages(
                codes(annotations, usual.codes()),
                !annotations.flag(LEAVE_ANSWERS, usual.leaveAnswers()),
                backend(annotations));
    }

    private static Set<Integer> codes(Annotations annotations, Set<Integer> usual) {
        Optional<String> text = annotations.text(CODES);
        Optional<Set<Integer>> codes = text.flatMap(ErrorAnnotations::codes);
        if (text.isPresent() && codes.isEmpty()) {
            annotations.bad(CODES, "is \"" + text.get() + "\" (expected: " + CODES_EXPECTED + ")");
        }
        return codes.orElse(usual);
    }

    /** Empty if one of them is none. */
    static Optional<Set<Integer>> codes(String text) {
        Set<Integer> codes = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            OptionalLong code = Sizes.wholeNumber(part.strip());
            if (code.isEmpty() || code.getAsLong() < 400 || code.getAsLong() > 599) {
                return Optional.empty();
            }
            codes.add((int) code.getAsLong());
        }
        return Optional.of(codes);
    }

    private static Optional<ServiceRef> backend(Annotations annotations) {
        Optional<String> name = annotations.text(BACKEND);
        if (name.isPresent() && !SERVICE.matcher(name.get()).matches()) {
            annotations.bad(BACKEND, "is \"" + name.get() + "\" (expected: the name of a Service in this namespace)");
            return Optional.empty();
        }
        return name.map(service -> new ServiceRef(annotations.object().namespace(), service, ServiceRef.FIRST_PORT));
    }
}
