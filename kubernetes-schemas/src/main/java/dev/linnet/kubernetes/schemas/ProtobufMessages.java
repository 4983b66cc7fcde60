package dev.linnet.kubernetes.schemas;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2beta2Autoscaling;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The messages that the client's descriptors describe, by full name ({@code k8s.io.api.apps.v1.Deployment}). */
final class ProtobufMessages {
    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1";
    private static final List<FileDescriptor> FILES = List.of(
            IntStr.getDescriptor(),
            Meta.getDescriptor(),
            Resource.getDescriptor(),
            Runtime.getDescriptor(),
            V1.getDescriptor(),
            V1Admissionregistration.getDescriptor(),
            V1Apps.getDescriptor(),
            V1Authentication.getDescriptor(),
            V1Authorization.getDescriptor(),
            V1Autoscaling.getDescriptor(),
            V1Batch.getDescriptor(),
            V1Certificates.getDescriptor(),
            V1Networking.getDescriptor(),
            V1Policy.getDescriptor(),
            V1Rbac.getDescriptor(),
            V1Scheduling.getDescriptor(),
            V1Storage.getDescriptor(),
            V2beta2Autoscaling.getDescriptor());

    private final Map<String, Descriptor> byName = new TreeMap<>();

    ProtobufMessages() {
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(message -> byName.put(nameOf(message), message));
        }
    }

    Collection<Descriptor> all() {
        return byName.values();
    }

    /** The OpenAPI package of a type, where protobuf leaves no choice. What is in {@code meta} is from there. */
    Optional<String> packageWith(String kind, String version) {
        List<String> packages = byName.values().stream()
                .filter(message -> message.getName().equals(kind))
                .map(message -> message.getFile().getPackage())
                .filter(name -> name.endsWith("." + version))
                .toList();
        if (packages.contains(META)) {
            return Optional.of(GroupVersion.META);
        }
        return packages.size() == 1 ? Optional.of(openApiName(packages.getFirst())) : Optional.empty();
    }

    /** {@code k8s.io.api.apps.v1.Deployment}. autoscaling/v2 has no descriptor, but all field numbers of v2beta2. */
    static String nameOf(Descriptor message) {
        return message.getFullName().replace(".autoscaling.v2beta2.", ".autoscaling.v2.");
    }

    /** Protobuf says {@code k8s.io.api.apps.v1}, OpenAPI {@code io.k8s.api.apps.v1}. */
    static String openApiName(String protobufName) {
        return "io.k8s." + protobufName.substring("k8s.io.".length());
    }
}
