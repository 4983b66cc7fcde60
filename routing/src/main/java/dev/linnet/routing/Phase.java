package dev.linnet.routing;

/** The rules of canaries, in the order in which they are asked: those of all canaries before the next kind of any. */
enum Phase {
    HEADER,
    COOKIE,
    MATCH;

    static final Phase[] ALL = values();
}
