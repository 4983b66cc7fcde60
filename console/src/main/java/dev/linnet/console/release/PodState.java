package dev.linnet.console.release;

/**
 * A Pod in a list.
 *
 * @param word  its phase, or why a container waits
 * @param since when it was made, as the API writes it
 */
public record PodState(String name, String word, boolean ready, int restarts, String since) {}
