package dev.linnet.machine.node;

import dev.linnet.machine.node.spec.MissingReference;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps the files of a Pod's volumes as what they are made of is now: ConfigMaps and Secrets when they change, tokens before
 * they expire.
 */
final class VolumeKeeper {
    /** Many keys that change together are one change. */
    private static final Duration GATHER = Duration.ofMillis(20);
    /** Also without a sign that something has changed, should one have been lost. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final long USUAL_TOKEN_SECONDS = 3_600;

    private final Sandbox sandbox;
    private final PodVoice voice;
    private final Semaphore dirty = new Semaphore(0);

    VolumeKeeper(Sandbox sandbox, PodVoice voice) {
        this.sandbox = sandbox;
        this.voice = voice;
    }

    /** Something that a volume is made of may be different now. */
    void touch() {
        dirty.release();
    }

    /** Works until it is interrupted. */
    void work() throws InterruptedException {
        Duration patience = untilRenewal(sandbox.madeVolumes());
        while (true) {
            boolean touched = dirty.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (touched) {
                Thread.sleep(GATHER);
                int _ = dirty.drainPermits();
            }
            for (Volume volume : sandbox.madeVolumes()) {
                if (volume.getEmptyDir() == null) {
                    make(volume);
                }
            }
        }
    }

    /** What is no longer there stays as it was. */
    private void make(Volume volume) throws InterruptedException {
        try {
            sandbox.volumes().make(volume);
        } catch (MissingReference | IOException | KubernetesClientException e) {
            RunningContainer.throwIfInterrupted();
            voice.failedMount(volume.getName(), Objects.requireNonNullElseGet(e.getMessage(), e::toString));
        }
    }

    /** Kubernetes renews tokens after four fifths of their life. */
    static Duration untilRenewal(List<Volume> volumes) {
        return volumes.stream()
                .filter(volume -> volume.getProjected() != null)
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .map(VolumeProjection::getServiceAccountToken)
                .flatMap(Stream::ofNullable)
                .map(VolumeKeeper::renewal)
                .reduce(LONGEST, (one, other) -> one.compareTo(other) < 0 ? one : other);
    }

    private static Duration renewal(ServiceAccountTokenProjection token) {
        long seconds = Objects.requireNonNullElse(token.getExpirationSeconds(), USUAL_TOKEN_SECONDS);
        return Duration.ofSeconds(seconds).multipliedBy(4).dividedBy(5);
    }
}
