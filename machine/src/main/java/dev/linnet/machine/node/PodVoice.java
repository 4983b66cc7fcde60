package dev.linnet.machine.node;

import dev.linnet.machine.control.Events;
import dev.linnet.machine.node.probe.ProbeKind;
import java.util.Locale;

/** Tells people about one Pod, in kubelet's words. */
final class PodVoice {

    private final Events.Recorder events;
    private final PodRecord record;

    PodVoice(Events.Recorder events, PodRecord record) {
        this.events = events;
        this.record = record;
    }

    void failedMount(String volume, String problem) {
        events.warning(
                record.pod(), "FailedMount", "MountVolume.SetUp failed for volume \"" + volume + "\" : " + problem);
    }

    void failedSandbox(String problem) {
        events.warning(record.pod(), "FailedCreatePodSandBox", "Failed to create pod sandbox: " + problem);
    }

    /** @param path {@code spec.containers{app}} */
    void pulled(String path, String image) {
        events.normal(record.pod(), path, "Pulled", "Container image \"" + image + "\" already present on machine");
    }

    void cannotPull(String path, String image, String advice) {
        events.warning(record.pod(), path, "Failed", "Failed to pull image \"" + image + "\": " + advice);
        events.warning(record.pod(), path, "Failed", "Error: ErrImagePull");
    }

    void backsOffPulling(String path, String image) {
        events.normal(record.pod(), path, "BackOff", "Back-off pulling image \"" + image + "\"");
        events.warning(record.pod(), path, "Failed", "Error: ImagePullBackOff");
    }

    void failed(String path, String problem) {
        events.warning(record.pod(), path, "Failed", "Error: " + problem);
    }

    void started(String path, String container) {
        events.normal(record.pod(), path, "Created", "Created container: " + container);
        events.normal(record.pod(), path, "Started", "Started container " + container);
    }

    void backsOff(String path, String container) {
        events.warning(
                record.pod(),
                path,
                "BackOff",
                "Back-off restarting failed container " + container + " in pod " + podText());
    }

    /** {@code name_namespace(uid)}, as kubelet names a Pod. */
    String podText() {
        return record.key().name() + "_" + record.key().namespace() + "(" + record.uid() + ")";
    }

    void unhealthy(String path, ProbeKind kind, String problem) {
        events.warning(record.pod(), path, "Unhealthy", kind.title() + " probe failed: " + problem);
    }

    void unsupportedProbe(String path, ProbeKind kind, String what) {
        events.warning(
                record.pod(),
                path,
                "ProbeNotSupported",
                kind.title() + " probe " + what + "; it counts as passed (use httpGet or tcpSocket)");
    }

    void willRestart(String path, String container, ProbeKind kind) {
        events.normal(
                record.pod(),
                path,
                "Killing",
                "Container " + container + " failed " + kind.title().toLowerCase(Locale.ROOT)
                        + " probe, will be restarted");
    }

    void stopping(String path, String container) {
        events.normal(record.pod(), path, "Killing", "Stopping container " + container);
    }

    void failedPostStart(String path, String problem) {
        events.warning(record.pod(), path, "FailedPostStartHook", "PostStartHook failed: " + problem);
    }

    /** A program that takes a port away from all other Pods. */
    void listensEverywhere(String path, String problem) {
        events.warning(record.pod(), path, "ListensEverywhere", problem);
    }

    void failedPreStop(String path, String problem) {
        events.warning(record.pod(), path, "FailedPreStopHook", "PreStopHook failed: " + problem);
    }
}
