package dev.linnet.apiserver.kinds;

import java.util.List;

/** What probes and lifecycle hooks must satisfy. */
final class ProbeRules {
    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");
    private static final List<String> COUNTS =
            List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");

    private ProbeRules() {}

    static void check(Field probe, Violations violations) {
        if (!probe.isSet()) {
            return;
        }
        checkHandler(probe, violations);
        COUNTS.forEach(count -> violations.notNegative(probe.at(count)));
        Field grace = probe.at("terminationGracePeriodSeconds");
        if (grace.isSet() && grace.number() <= 0) {
            violations.invalid(grace, "must be greater than 0");
        }
    }

    /** A probe whose success ends something has nothing to count. */
    static void checkSuccessThreshold(Field probe, Violations violations) {
        if (probe.isSet() && probe.at("successThreshold").number() != 1) {
            violations.invalid(probe.at("successThreshold"), "must be 1");
        }
    }

    static void checkHandler(Field owner, Violations violations) {
        boolean one = false;
        for (String name : HANDLERS) {
            Field handler = owner.at(name);
            if (handler.isSet() && one) {
                violations.forbidden(handler, "may not specify more than 1 handler type");
            } else if (handler.isSet()) {
                one = true;
                checkOne(name, handler, violations);
            }
        }
        if (!one) {
            violations.required(owner, "must specify a handler type");
        }
    }

    /** A hook that sleeps must be done before its Pod is. */
    static void checkSleep(Field hook, Field grace, Violations violations) {
        Field seconds = hook.at("sleep", "seconds");
        boolean alone = List.of("exec", "httpGet", "tcpSocket").stream()
                .noneMatch(name -> hook.at(name).isSet());
        boolean fits = seconds.number() >= 0 && seconds.number() <= grace.number();
        if (hook.at("sleep").isSet() && alone && grace.isSet() && !fits) {
            violations.invalid(
                    hook.at("sleep"),
                    seconds.number(),
                    "must be non-negative and less than terminationGracePeriodSeconds (" + grace.number() + ")");
        }
    }

    private static void checkOne(String name, Field handler, Violations violations) {
        switch (name) {
            case "exec" -> {
                if (handler.at("command").isZero()) {
                    violations.required(handler.at("command"));
                }
            }
            case "httpGet" -> {
                PortRules.checkNumberOrName(handler.at("port"), violations);
                violations.oneOf(handler.at("scheme"), List.of("HTTP", "HTTPS"));
                for (Field header : handler.at("httpHeaders").items()) {
                    String headerName = header.at("name").text();
                    violations.invalid(handler.at("httpHeaders"), headerName, Names.httpHeader(headerName));
                }
            }
            case "tcpSocket" -> PortRules.checkNumberOrName(handler.at("port"), violations);
            case "grpc" ->
                violations.invalid(
                        handler.at("port"), Names.portNumber(handler.at("port").number()));
            default -> {
                // See checkSleep.
            }
        }
    }
}
