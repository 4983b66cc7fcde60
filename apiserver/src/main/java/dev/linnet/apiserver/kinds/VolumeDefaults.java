package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Fills what a volume leaves out. */
final class VolumeDefaults {
    /** 0644, as JSON has no octal numbers. */
    private static final int FILE_MODE = 0644;

    private static final int TOKEN_SECONDS = 3600;

    private VolumeDefaults() {}

    static void apply(ObjectNode volume) {
        boolean onlyNamed = volume.size() == (volume.has("name") ? 1 : 0);
        if (onlyNamed) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            Json.find(volume, source).ifPresent(it -> Json.putDefault(it, "defaultMode", FILE_MODE));
        }
        Json.find(volume, "emptyDir").ifPresent(it -> Quantities.canonicalise(it, "sizeLimit"));
        Json.find(volume, "hostPath").ifPresent(it -> Json.putDefault(it, "type", ""));
        Json.find(volume, "downwardAPI").ifPresent(VolumeDefaults::applyToDownwardApi);
        for (ObjectNode source : Json.objects(volume, "projected", "sources")) {
            Json.find(source, "downwardAPI").ifPresent(VolumeDefaults::applyToDownwardApi);
            Json.find(source, "serviceAccountToken")
                    .ifPresent(token -> Json.putDefault(token, "expirationSeconds", TOKEN_SECONDS));
        }
    }

    private static void applyToDownwardApi(ObjectNode source) {
        for (ObjectNode item : Json.objects(source, "items")) {
            Json.find(item, "fieldRef").ifPresent(ref -> Json.putDefault(ref, "apiVersion", "v1"));
            Json.find(item, "resourceFieldRef").ifPresent(ref -> Json.putDefault(ref, "divisor", "0"));
        }
    }
}
