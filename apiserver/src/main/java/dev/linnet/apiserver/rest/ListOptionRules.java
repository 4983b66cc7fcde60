package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Query;
import java.util.ArrayList;
import java.util.List;

/** Which parameters of a list or a watch go together; as Kubernetes' ListOptions are validated. */
final class ListOptionRules {
    private static final String MATCH = "resourceVersionMatch";
    private static final String EXACT = "Exact";
    private static final String NOT_OLDER = "NotOlderThan";
    private static final String INITIAL_EVENTS = "sendInitialEvents";

    private ListOptionRules() {}

    /** @throws ApiFailure 422, or 400 for a version beside a continue token, which has one of its own */
    static void checkList(Query query) {
        String match = query.text(MATCH);
        String version = query.text("resourceVersion");
        List<FieldError> errors = new ArrayList<>();
        if (!match.isEmpty() && version.isEmpty()) {
            errors.add(FieldError.forbidden(MATCH, MATCH + " is forbidden unless resourceVersion is provided"));
        }
        refuseMatchWithContinue(query, errors);
        if (!match.isEmpty() && !match.equals(EXACT) && !match.equals(NOT_OLDER)) {
            errors.add(FieldError.notSupported(MATCH, match, List.of(EXACT, NOT_OLDER, "")));
        }
        if (match.equals(EXACT) && version.equals("0")) {
            errors.add(FieldError.forbidden(MATCH, MATCH + " \"exact\" is forbidden for resourceVersion \"0\""));
        }
        if (!query.text(INITIAL_EVENTS).isEmpty()) {
            errors.add(FieldError.forbidden(INITIAL_EVENTS, INITIAL_EVENTS + " is forbidden for list"));
        }
        requireNone(errors);
        if (!query.text("continue").isEmpty() && !version.isEmpty() && !version.equals("0")) {
            throw ApiFailure.badRequest("specifying resource version is not allowed when using continue");
        }
    }

    /** @throws ApiFailure 422 */
    static void checkWatch(Query query) {
        String match = query.text(MATCH);
        boolean initialEvents = !query.text(INITIAL_EVENTS).isEmpty();
        List<FieldError> errors = new ArrayList<>();
        if (initialEvents && !match.equals(NOT_OLDER)) {
            errors.add(FieldError.forbidden(MATCH, INITIAL_EVENTS + " requires setting " + MATCH + " to " + NOT_OLDER));
        }
        if (!initialEvents && !match.isEmpty()) {
            errors.add(FieldError.forbidden(
                    MATCH, MATCH + " is forbidden for watch unless " + INITIAL_EVENTS + " is provided"));
        }
        if (!match.isEmpty() && !match.equals(NOT_OLDER)) {
            errors.add(FieldError.notSupported(MATCH, match, List.of(NOT_OLDER)));
        }
        refuseMatchWithContinue(query, errors);
        requireNone(errors);
    }

    private static void refuseMatchWithContinue(Query query, List<FieldError> errors) {
        if (!query.text(MATCH).isEmpty() && !query.text("continue").isEmpty()) {
            errors.add(FieldError.forbidden(MATCH, MATCH + " is forbidden when continue is provided"));
        }
    }

    private static void requireNone(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiFailure.invalid(new ApiFailure.Subject("meta.k8s.io", "ListOptions", ""), errors);
        }
    }
}
