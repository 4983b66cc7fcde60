package dev.linnet.machine.node.status;

import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import dev.linnet.machine.node.status.ContainerState.Waiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container as its Pod's status shows it.
 *
 * @param state    now
 * @param last     how it ended the time before
 * @param restarts how often it was started again
 * @param started  whether its startup probe has passed, or it has none and runs
 * @param ready    whether it wants requests
 */
public record ContainerView(
        String name,
        String image,
        ContainerState state,
        Optional<Terminated> last,
        int restarts,
        boolean started,
        boolean ready) {

    /** The exit code of a container that nobody saw end. */
    private static final int LOST = 137;

    private static final String LOST_MESSAGE = "The machine stopped while this container ran";

    /** A container of a Pod that has just come. */
    public static ContainerView fresh(String name, String image, String reason) {
        return new ContainerView(name, image, Waiting.because(reason), Optional.empty(), 0, false, false);
    }

    /**
     * A container of a Pod that a former process has left behind: whatever ran then has died with it.
     *
     * @param earlier as the API remembers it
     * @param now     when that was noticed
     */
    public static ContainerView leftBehind(ContainerStatus earlier, String image, Instant now) {
        int restarts = Objects.requireNonNullElse(earlier.getRestartCount(), 0);
        Optional<Terminated> last = Optional.ofNullable(earlier.getLastState()).flatMap(ContainerView::terminated);
        Optional<Terminated> ended = Optional.ofNullable(earlier.getState())
                .flatMap(state -> lost(state, now).or(() -> terminated(state)));
        if (ended.isPresent()) {
            return new ContainerView(earlier.getName(), image, ended.get(), last, restarts, false, false);
        }
        // It waited for its next life, which is counted when it begins: now.
        int lives = restarts + (last.isPresent() ? 1 : 0);
        Waiting waiting = Waiting.because("ContainerCreating");
        return new ContainerView(earlier.getName(), image, waiting, last, lives, false, false);
    }

    private static Optional<Terminated> lost(io.fabric8.kubernetes.api.model.ContainerState state, Instant now) {
        return Optional.ofNullable(state.getRunning())
                .map(running -> new Terminated(
                        LOST, "ContainerStatusUnknown", LOST_MESSAGE, time(running.getStartedAt(), now), now));
    }

    private static Optional<Terminated> terminated(io.fabric8.kubernetes.api.model.ContainerState state) {
        return Optional.ofNullable(state.getTerminated())
                .map(ended -> new Terminated(
                        Objects.requireNonNullElse(ended.getExitCode(), LOST),
                        Objects.requireNonNullElse(ended.getReason(), "Error"),
                        Objects.requireNonNullElse(ended.getMessage(), ""),
                        time(ended.getStartedAt(), Instant.EPOCH),
                        time(ended.getFinishedAt(), Instant.EPOCH)));
    }

    private static Instant time(@Nullable String text, Instant unknown) {
        return text == null ? unknown : OffsetDateTime.parse(text).toInstant();
    }

    public ContainerView waiting(String reason, String message) {
        return new ContainerView(name, image, new Waiting(reason, message), last, restarts, false, false);
    }

    public ContainerView running(Running running) {
        return new ContainerView(name, image, running, last, restarts, false, false);
    }

    public ContainerView terminated(Terminated terminated) {
        return new ContainerView(name, image, terminated, last, restarts, false, false);
    }

    /** Begins another life; what is now becomes what was before, if it had come to an end. */
    public ContainerView again(String reason, String message) {
        Optional<Terminated> ended = state instanceof Terminated terminated ? Optional.of(terminated) : last;
        return new ContainerView(name, image, new Waiting(reason, message), ended, restarts, false, false);
    }

    public ContainerView restarted() {
        return new ContainerView(name, image, state, last, restarts + 1, false, false);
    }

    public ContainerView probed(boolean nowStarted, boolean nowReady) {
        return new ContainerView(name, image, state, last, restarts, nowStarted, nowReady);
    }
}
