package dev.linnet.console.web;

import java.util.Map;

/** The parts of a page that change while it is looked at. Each looker has one. */
interface LiveParts extends AutoCloseable {

    /** The parts as they are now, by name: HTML, or JSON for scripts. What is the same as before is not sent. */
    Map<String, String> now() throws InterruptedException;

    @Override
    default void close() {}
}
