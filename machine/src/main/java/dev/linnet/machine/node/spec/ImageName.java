package dev.linnet.machine.node.spec;

/**
 * What counts of an image's name here.
 *
 * @param name its last path element: {@code podinfo} of {@code ghcr.io/stefanprodan/podinfo:6.1.0@sha256:…}
 * @param tag  {@code latest} when there is none
 */
public record ImageName(String name, String tag) {

    /** Reads an image's name as Pods spell it. */
    public static ImageName parse(String image) {
        String withoutDigest = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        // A colon before the last slash belongs to the registry's port.
        String last = withoutDigest.substring(withoutDigest.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0
                ? new ImageName(last, "latest")
                : new ImageName(last.substring(0, colon), last.substring(colon + 1));
    }
}
