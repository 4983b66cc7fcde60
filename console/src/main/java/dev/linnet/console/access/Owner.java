package dev.linnet.console.access;

/** The person at this machine, who comes in by a link. */
public record Owner(Person person, OneTimeKey key) {}
