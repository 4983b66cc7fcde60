package dev.linnet.machine.node.stats;

import java.time.Duration;

/**
 * What the processes of one container have used until now, and hold.
 *
 * @param cpu    time on processors since the container began
 * @param memory resident bytes; what processes share counts for each of them
 */
public record Usage(Duration cpu, long memory) {
    public Usage plus(Usage other) {
        return new Usage(cpu.plus(other.cpu), memory + other.memory);
    }
}
