package dev.linnet.apiserver.kinds;

import java.util.List;

/** What Events must satisfy: little where they come as clients always sent them, more where they have an eventTime. */
final class EventRules {
    private static final int TEXT_MAX = 128;
    private static final int NOTE_MAX = 1024;

    private EventRules() {}

    static void check(Field event, Violations violations) {
        Field about = event.at("involvedObject", "namespace");
        String namespace = event.at("metadata", "namespace").text();
        boolean inDefault = namespace.equals("default");
        if (event.at("eventTime").isZero()) {
            boolean agrees = about.isZero() ? inDefault : about.text().equals(namespace);
            requireAgreement(agrees, about, violations);
        } else {
            boolean agrees = !about.isZero() || inDefault || namespace.equals("kube-system");
            requireAgreement(agrees, about, violations);
            checkReport(event, violations);
        }
    }

    private static void requireAgreement(boolean agrees, Field about, Violations violations) {
        if (!agrees) {
            violations.invalid(about, "does not match event.namespace");
        }
    }

    private static void checkReport(Field event, Violations violations) {
        // Clients of the older API call this field reportingComponent; messages do not.
        Field reporter = new Field(event.at("reportingComponent").value(), "reportingController");
        if (reporter.isZero()) {
            violations.required(reporter);
        }
        violations.invalid(reporter, Names.qualifiedName(reporter.text()));
        for (String name : List.of("reportingInstance", "action", "reason")) {
            Field field = event.at(name);
            if (field.isZero()) {
                violations.required(field);
            }
            checkLength(field, TEXT_MAX, violations);
        }
        checkLength(event.at("message"), NOTE_MAX, violations);
    }

    private static void checkLength(Field text, int max, Violations violations) {
        if (text.text().length() > max) {
            violations.invalid(text, "", "can have at most " + max + " characters");
        }
    }
}
