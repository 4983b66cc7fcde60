package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Volumes, claims and storage classes, which are stored only: defaults. */
final class StorageRules {
    private StorageRules() {}

    static void applyVolumeDefaults(ObjectNode volume) {
        ObjectNode spec = Json.object(volume, "spec");
        Json.putDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
        Json.putDefault(spec, "volumeMode", "Filesystem");
        Quantities.canonicaliseMap(spec, "capacity");
        Json.putDefault(Json.object(volume, "status"), "phase", "Pending");
    }

    static void applyClaimDefaults(ObjectNode claim) {
        ObjectNode spec = Json.object(claim, "spec");
        Json.putDefault(spec, "volumeMode", "Filesystem");
        ObjectNode resources = Json.object(spec, "resources");
        Quantities.canonicaliseMap(resources, "requests");
        Quantities.canonicaliseMap(resources, "limits");
        Json.putDefault(Json.object(claim, "status"), "phase", "Pending");
    }

    static void applyClassDefaults(ObjectNode storageClass) {
        Json.putDefault(storageClass, "reclaimPolicy", "Delete");
        Json.putDefault(storageClass, "volumeBindingMode", "Immediate");
    }
}
