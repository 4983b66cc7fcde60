package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ConfigMaps and Secrets: normal form, defaults, checks, and what stays as it was made. */
final class ConfigRules {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final String REDACTED = "<secret contents redacted>";
    private static final String IMMUTABLE = "field is immutable when `immutable` is set";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Keys that a Secret of this type cannot do without. */
    private static final Map<String, List<String>> REQUIRED_KEYS = Map.of(
            "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
            "kubernetes.io/dockercfg", List.of(".dockercfg"),
            "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
            "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

    private ConfigRules() {}

    /** {@code stringData} is only a way to write: it goes into {@code data} and is never shown. */
    static void normaliseSecret(ObjectNode secret) {
        Map<String, String> texts = Json.strings(secret, "stringData");
        secret.remove("stringData");
        if (!texts.isEmpty()) {
            ObjectNode target = Json.object(secret, "data");
            texts.forEach((key, text) ->
                    target.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        }
    }

    static void applySecretDefaults(ObjectNode secret) {
        Json.putDefault(secret, "type", "Opaque");
    }

    static void checkConfigMap(Field configMap, Violations violations) {
        Field texts = configMap.at("data");
        Field binary = configMap.at("binaryData");
        long bytes = 0;
        for (Map.Entry<String, String> entry : texts.strings().entrySet()) {
            Field field = texts.key(entry.getKey());
            violations.invalid(field, entry.getKey(), Names.configKey(entry.getKey()));
            if (binary.value().has(entry.getKey())) {
                violations.invalid(field, entry.getKey(), "duplicate of key present in binaryData");
            }
            bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        for (Map.Entry<String, String> entry : binary.strings().entrySet()) {
            violations.invalid(binary.key(entry.getKey()), entry.getKey(), Names.configKey(entry.getKey()));
            bytes += decode(entry.getValue()).map(content -> content.length).orElse(0);
        }
        if (bytes > MAX_BYTES) {
            // It is about the whole object, which a real server calls by an empty name in brackets.
            violations.tooLong(new Field(configMap.value(), "[]"), MAX_BYTES);
        }
    }

    static void checkSecret(Field secret, Violations violations) {
        Field contents = secret.at("data");
        long bytes = 0;
        for (Map.Entry<String, String> entry : contents.strings().entrySet()) {
            Field field = contents.key(entry.getKey());
            violations.invalid(field, entry.getKey(), Names.configKey(entry.getKey()));
            Optional<byte[]> content = decode(entry.getValue());
            if (content.isEmpty()) {
                violations.invalid(
                        field, REDACTED, "illegal base64 data (expected: base64, or plain text in stringData)");
            }
            bytes += content.map(decoded -> decoded.length).orElse(0);
        }
        if (bytes > MAX_BYTES) {
            violations.tooLong(contents, MAX_BYTES);
        }
        checkType(secret, contents, violations);
    }

    private static void checkType(Field secret, Field contents, Violations violations) {
        String type = secret.at("type").text();
        for (String key : REQUIRED_KEYS.getOrDefault(type, List.of())) {
            Field required = contents.key(key);
            boolean missing = key.equals("ssh-privatekey") ? required.isZero() : !required.isSet();
            if (missing) {
                violations.required(required);
            } else if (key.startsWith(".docker")) {
                checkJson(required, violations);
            }
        }
        if (type.equals("kubernetes.io/basic-auth")
                && !contents.key("username").isSet()
                && !contents.key("password").isSet()) {
            violations.required(contents.key("username"));
            violations.required(contents.key("password"));
        }
        Field account = secret.at("metadata", "annotations").key("kubernetes.io/service-account.name");
        if (type.equals("kubernetes.io/service-account-token") && account.isZero()) {
            violations.required(account);
        }
    }

    private static void checkJson(Field field, Violations violations) {
        String text = new String(decode(field.text()).orElseGet(() -> new byte[0]), StandardCharsets.UTF_8).strip();
        try {
            if (text.isEmpty()) {
                violations.invalid(field, REDACTED, "unexpected end of JSON input");
            } else if (!MAPPER.readTree(text).isObject()) {
                violations.invalid(field, REDACTED, "must be a JSON object");
            }
        } catch (JacksonException _) {
            boolean none = "{[\"-0123456789tfn".indexOf(text.charAt(0)) < 0;
            violations.invalid(
                    field,
                    REDACTED,
                    none
                            ? "invalid character '" + text.charAt(0) + "' looking for beginning of value"
                            : "must be a JSON object");
        }
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64.replace("\n", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static void checkSecretUpdate(Field before, Field after, Violations violations) {
        violations.immutable(before.at("type"), after.at("type"));
        checkFrozen(before, after, List.of("data"), violations);
    }

    static void checkConfigMapUpdate(Field before, Field after, Violations violations) {
        checkFrozen(before, after, List.of("data", "binaryData"), violations);
    }

    private static void checkFrozen(Field before, Field after, List<String> contents, Violations violations) {
        if (!before.at("immutable").isTrue()) {
            return;
        }
        if (!after.at("immutable").isTrue()) {
            violations.forbidden(after.at("immutable"), IMMUTABLE);
        }
        for (String name : contents) {
            boolean bothEmpty = before.at(name).isZero() && after.at(name).isZero();
            if (!bothEmpty && !Json.same(before.at(name).value(), after.at(name).value())) {
                violations.forbidden(after.at(name), IMMUTABLE);
            }
        }
    }
}
