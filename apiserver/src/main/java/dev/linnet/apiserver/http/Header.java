package dev.linnet.apiserver.http;

/** One header line. */
public record Header(String name, String value) {}
