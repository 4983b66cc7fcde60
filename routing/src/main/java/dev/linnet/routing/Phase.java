package dev.linnet.routing;

/** The rules of canaries, in the order in which they are asked: those of all canaries before the next kind of any. */
enum Phase {
    /** Of a joint release: what another member of it has drawn. */
    RELEASE,
    HEADER,
    COOKIE,
    MATCH;

    static final Phase[] ALL = values();

    /** Where nothing is released together. */
    static final Phase[] ALONE = {HEADER, COOKIE, MATCH};
}
