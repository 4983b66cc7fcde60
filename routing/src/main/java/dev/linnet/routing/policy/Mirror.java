package dev.linnet.routing.policy;

/**
 * Where a copy of each request goes, whose answer nobody waits for (spec of ingress-nginx, §4.3).
 *
 * @param host    name or address of the target
 * @param port    of the target
 * @param path    put before the request's own target
 * @param header  the Host header of the copy
 * @param body    whether bodies are copied too
 */
public record Mirror(String host, int port, String path, String header, boolean body) {}
