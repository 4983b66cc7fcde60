package dev.linnet.apiserver.kinds;

import java.util.List;

/** What security contexts of Pods and containers must satisfy. They are stored and obeyed by nobody here. */
final class SecurityRules {
    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final long MAX_ID = Integer.MAX_VALUE;

    private SecurityRules() {}

    static void checkPod(Field context, Violations violations) {
        for (String name : List.of("fsGroup", "runAsUser", "runAsGroup")) {
            checkId(context.at(name), violations);
        }
        context.at("supplementalGroups").items().forEach(group -> checkId(group, violations));
        violations.noneOrOneOf(context.at("fsGroupChangePolicy"), List.of("Always", "OnRootMismatch"));
        checkProfile(context.at("seccompProfile"), "seccompProfile", "seccomp", violations);
        checkProfile(context.at("appArmorProfile"), "appArmorProfile", "AppArmor", violations);
    }

    private static void checkId(Field id, Violations violations) {
        if (id.isSet()) {
            violations.between(id, 0, MAX_ID);
        }
    }

    private static void checkProfile(Field profile, String name, String shown, Violations violations) {
        if (!profile.isSet()) {
            return;
        }
        Field type = profile.at("type");
        Field localhost = profile.at("localhostProfile");
        if (type.isZero()) {
            violations.required(type, "type is required when " + name + " is set");
        } else {
            violations.oneOf(type, PROFILES);
        }
        if (type.text().equals("Localhost") && localhost.isZero()) {
            violations.required(localhost, "must be set when " + shown + " type is Localhost");
        } else if (!type.text().equals("Localhost") && localhost.isSet()) {
            violations.invalid(localhost, "can only be set when " + shown + " type is Localhost");
        }
    }

    static void checkContainer(Field context, Violations violations) {
        checkId(context.at("runAsUser"), violations);
        checkId(context.at("runAsGroup"), violations);
        violations.noneOrOneOf(context.at("procMount"), List.of("Default", "Unmasked"));
        checkProfile(context.at("seccompProfile"), "seccompProfile", "seccomp", violations);
        Field escalation = context.at("allowPrivilegeEscalation");
        if (escalation.isSet() && !escalation.isTrue()) {
            if (context.at("privileged").isTrue()) {
                violations.invalid(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (Json.texts(context.value(), "capabilities", "add").contains("CAP_SYS_ADMIN")) {
                violations.invalid(
                        context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        checkProfile(context.at("appArmorProfile"), "appArmorProfile", "AppArmor", violations);
    }
}
