package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Ingresses and IngressClasses: defaults and checks. */
final class IngressRules {
    static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";

    private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");
    private static final List<String> FORBIDDEN_IN_PATHS = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> FORBIDDEN_AT_END = List.of("/..", "/.");
    private static final int CONTROLLER_MAX = 250;

    private IngressRules() {}

    static void check(Field ingress, Violations violations) {
        Field spec = ingress.at("spec");
        if (spec.at("rules").size() == 0 && !spec.at("defaultBackend").isSet()) {
            violations.invalid(spec, NullNode.getInstance(), "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.at("defaultBackend").isSet()) {
            checkBackend(spec.at("defaultBackend"), violations);
        }
        spec.at("rules").items().forEach(rule -> checkRule(rule, violations));
        spec.at("tls").items().forEach(tls -> checkTls(tls, violations));
        Field className = spec.at("ingressClassName");
        if (className.isSet()) {
            violations.invalid(className, Names.subdomain(className.text()));
        }
    }

    /** Whoever says it twice must say the same. Old objects may differ. */
    static void checkCreate(Field ingress, Violations violations) {
        Field annotation = ingress.at("metadata", "annotations", CLASS_ANNOTATION);
        Field className = ingress.at("spec", "ingressClassName");
        if (annotation.isSet() && className.isSet() && !annotation.text().equals(className.text())) {
            Field place = new Field(annotation.value(), "annotations." + CLASS_ANNOTATION);
            violations.invalid(place, "must match `ingressClassName` when both are specified");
        }
    }

    private static void checkRule(Field rule, Violations violations) {
        Field host = rule.at("host");
        if (!host.isZero()) {
            if (IpAddresses.isValid(host.text())) {
                violations.invalid(host, "must be a DNS name, not an IP address");
            }
            checkHost(host, violations);
        }
        Field http = rule.at("http");
        if (!http.isSet()) {
            return;
        }
        if (http.at("paths").size() == 0) {
            violations.required(http.at("paths"));
        }
        http.at("paths").items().forEach(path -> checkPath(path, violations));
    }

    private static void checkHost(Field host, Violations violations) {
        violations.invalid(
                host, host.text().contains("*") ? Names.wildcardSubdomain(host.text()) : Names.subdomain(host.text()));
    }

    private static void checkPath(Field rule, Violations violations) {
        Field type = rule.at("pathType");
        if (!type.isSet()) {
            violations.required(type, "pathType must be specified");
            return;
        }
        Field path = rule.at("path");
        switch (type.text()) {
            case "Exact", "Prefix" -> checkPlainPath(path, violations);
            case "ImplementationSpecific" -> {
                if (!path.isZero() && !path.text().startsWith("/")) {
                    violations.invalid(path, "must be an absolute path");
                }
            }
            default -> violations.oneOf(type, PATH_TYPES);
        }
        checkBackend(rule.at("backend"), violations);
    }

    private static void checkPlainPath(Field path, Violations violations) {
        if (!path.text().startsWith("/")) {
            violations.invalid(path, "must be an absolute path");
        }
        for (String forbidden : FORBIDDEN_IN_PATHS) {
            if (path.text().contains(forbidden)) {
                violations.invalid(path, "must not contain '" + forbidden + "'");
            }
        }
        for (String forbidden : FORBIDDEN_AT_END) {
            if (path.text().endsWith(forbidden)) {
                violations.invalid(path, "cannot end with '" + forbidden + "'");
            }
        }
    }

    private static void checkBackend(Field backend, Violations violations) {
        boolean resource = backend.at("resource").isSet();
        boolean service = backend.at("service").isSet();
        if (resource && service) {
            violations.invalid(backend, "", "cannot set both resource and service backends");
        } else if (resource) {
            checkReference(backend.at("resource"), violations);
        } else if (service) {
            checkService(backend, violations);
        } else {
            violations.invalid(backend, "", "resource or service backend is required");
        }
    }

    private static void checkReference(Field reference, Violations violations) {
        if (reference.at("apiGroup").isSet()) {
            violations.invalid(
                    reference.at("apiGroup"),
                    Names.subdomain(reference.at("apiGroup").text()));
        }
        for (String name : List.of("kind", "name")) {
            Field field = reference.at(name);
            if (field.isZero()) {
                violations.required(field, name + " is required");
            } else {
                violations.invalid(field, Names.pathSegment(field.text()));
            }
        }
    }

    private static void checkService(Field backend, Violations violations) {
        Field name = backend.at("service", "name");
        if (name.isZero()) {
            violations.required(name);
        } else {
            violations.invalid(name, Names.label1035(name.text()));
        }
        Field portName = backend.at("service", "port", "name");
        Field portNumber = backend.at("service", "port", "number");
        if (!portName.isZero() && !portNumber.isZero()) {
            violations.invalid(backend, "", "cannot set both port name & port number");
        } else if (!portName.isZero()) {
            violations.invalid(portName, Names.portName(portName.text()));
        } else if (!portNumber.isZero()) {
            violations.invalid(portNumber, Names.portNumber(portNumber.number()));
        } else {
            violations.required(backend, "port name or number is required");
        }
    }

    private static void checkTls(Field tls, Violations violations) {
        tls.at("hosts").items().forEach(host -> checkHost(host, violations));
        Field secret = tls.at("secretName");
        if (!secret.isZero()) {
            violations.invalid(secret, Names.subdomain(secret.text()));
        }
    }

    static void applyClassDefaults(ObjectNode ingressClass) {
        Json.find(ingressClass, "spec", "parameters")
                .ifPresent(parameters -> Json.putDefault(parameters, "scope", "Cluster"));
    }

    static void checkClass(Field ingressClass, Violations violations) {
        Field controller = ingressClass.at("spec", "controller");
        if (controller.text().length() > CONTROLLER_MAX) {
            violations.tooLong(controller, CONTROLLER_MAX);
        }
        if (controller.isZero()) {
            violations.required(controller);
        } else {
            violations.invalid(controller, Names.domainPrefixedPath(controller.text()));
        }
        Field parameters = ingressClass.at("spec", "parameters");
        if (parameters.isSet()) {
            checkReference(parameters, violations);
            checkScope(parameters, violations);
        }
    }

    private static void checkScope(Field parameters, Violations violations) {
        Field namespace = parameters.at("namespace");
        switch (parameters.at("scope").text()) {
            case "Cluster" -> {
                if (namespace.isSet()) {
                    violations.forbidden(namespace, "`parameters.scope` is set to 'Cluster'");
                }
            }
            case "Namespace" -> {
                if (namespace.isSet()) {
                    violations.invalid(namespace, Names.label(namespace.text()));
                } else {
                    violations.required(namespace, "`parameters.scope` is set to 'Namespace'");
                }
            }
            default -> violations.oneOf(parameters.at("scope"), List.of("Cluster", "Namespace"));
        }
    }

    static void checkClassUpdate(Field before, Field after, Violations violations) {
        violations.immutable(before.at("spec", "controller"), after.at("spec", "controller"));
    }
}
