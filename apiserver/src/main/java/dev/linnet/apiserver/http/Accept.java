package dev.linnet.apiserver.http;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * In which form a client wants its answer: the first in its Accept header that is served.
 *
 * @param version of the form's own API: {@code v1} for Tables, {@code v2} for discovery
 */
public record Accept(Form form, String version) {

    /** The forms that are served. */
    public enum Form {
        JSON,
        YAML,
        TABLE,
        METADATA,
        AGGREGATED_DISCOVERY
    }

    private static final Accept PLAIN = new Accept(Form.JSON, "");

    /** For resources; throws a 406 when none of the wanted forms is served. */
    public static Accept forResources(String header) {
        if (header.isBlank()) {
            return PLAIN;
        }
        for (String range : header.split(",", -1)) {
            Optional<Accept> accept = resourceForm(range);
            if (accept.isPresent()) {
                return accept.get();
            }
        }
        throw ApiFailure.of(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/yaml");
    }

    private static Optional<Accept> resourceForm(String range) {
        Map<String, String> parameters = parameters(range);
        return switch (mediaType(range)) {
            case "application/json" -> asParameter(parameters);
            case "application/yaml", "application/x-yaml" -> Optional.of(new Accept(Form.YAML, ""));
            case "*/*", "application/*", "text/html", "text/*" -> Optional.of(PLAIN);
            default -> Optional.empty();
        };
    }

    private static Optional<Accept> asParameter(Map<String, String> parameters) {
        String version = parameters.getOrDefault("v", "v1");
        boolean meta = parameters.getOrDefault("g", "").equals("meta.k8s.io")
                && (version.equals("v1") || version.equals("v1beta1"));
        return switch (parameters.getOrDefault("as", "")) {
            case "" -> Optional.of(PLAIN);
            case "Table" -> meta ? Optional.of(new Accept(Form.TABLE, version)) : Optional.empty();
            case "PartialObjectMetadata", "PartialObjectMetadataList" ->
                meta ? Optional.of(new Accept(Form.METADATA, version)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** For {@code /api} and {@code /apis}; anything else than aggregated discovery is plain JSON. */
    public static Accept forDiscovery(String header) {
        for (String range : header.split(",", -1)) {
            Map<String, String> parameters = parameters(range);
            String version = parameters.getOrDefault("v", "");
            boolean aggregated = parameters.getOrDefault("as", "").equals("APIGroupDiscoveryList")
                    && parameters.getOrDefault("g", "").equals("apidiscovery.k8s.io")
                    && (version.equals("v2") || version.equals("v2beta1"));
            if (aggregated && mediaType(range).equals("application/json")) {
                return new Accept(Form.AGGREGATED_DISCOVERY, version);
            }
            if (!parameters.containsKey("as") && mediaType(range).equals("application/json")) {
                return PLAIN;
            }
        }
        return PLAIN;
    }

    private static String mediaType(String range) {
        int semicolon = range.indexOf(';');
        return (semicolon < 0 ? range : range.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> parameters(String range) {
        Map<String, String> parameters = new HashMap<>();
        String[] parts = range.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).strip(),
                        parts[i].substring(equals + 1).strip());
            }
        }
        return parameters;
    }
}
