package dev.linnet.apiserver.access;

import dev.linnet.apiserver.failure.ApiFailure;

/** How Kubernetes says that somebody may not do something. */
final class Refusal {
    private Refusal() {}

    static ApiFailure of(Caller caller, Act act, Verdict verdict) {
        String detail = harmless("User \"" + caller.name() + "\" cannot " + act.verb() + " " + object(act))
                + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason());
        return ApiFailure.forbidden(subject(act), detail);
    }

    private static String object(Act act) {
        return switch (act) {
            case Act.OnPath on -> "path \"" + on.path() + "\"";
            case Act.OnResource on ->
                "resource \"" + on.path() + "\" in API group \"" + on.group() + "\" "
                        + (on.namespace().isEmpty()
                                ? "at the cluster scope"
                                : "in the namespace \"" + on.namespace() + "\"");
        };
    }

    private static ApiFailure.Subject subject(Act act) {
        return switch (act) {
            case Act.OnPath _ -> ApiFailure.Subject.NONE;
            case Act.OnResource on -> new ApiFailure.Subject(on.group(), on.resource(), on.name());
        };
    }

    /** A browser must not take a message for a page. */
    private static String harmless(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
