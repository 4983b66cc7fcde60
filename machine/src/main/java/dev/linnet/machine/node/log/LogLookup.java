package dev.linnet.machine.node.log;

/** Finds out which log somebody means. */
@FunctionalInterface
public interface LogLookup {

    /** What there is of a container. */
    sealed interface Answer {}

    /**
     * Its log.
     *
     * @param life     its present life, or its last one
     * @param previous the last life that has ended and was followed by another, or will be
     */
    record Found(LogStore.Life life, LogStore.Life previous) implements Answer {}

    /** Nothing of that name here. */
    record Unknown(String message) implements Answer {}

    /** It has not begun to write. */
    record NotYet(String message) implements Answer {}

    Answer find(String namespace, String pod, String container);
}
