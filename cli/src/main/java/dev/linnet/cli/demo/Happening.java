package dev.linnet.cli.demo;

/** Something that becomes known of a Canary. */
sealed interface Happening {

    /** Its status has become this. */
    record Status(String phase, int weight) implements Happening {}

    /** An Event says so. */
    record Said(boolean warning, String text) implements Happening {}

    /** Somebody was alerted. */
    record Alerted(String channel, boolean bad, String text) implements Happening {}
}
