package dev.linnet.loadtester;

import dev.linnet.loadtester.task.TaskSettings;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a load tester is told.
 *
 * @param listen     where; port 0 for any free one
 * @param namespace  its own, when it runs in a cluster: a {@code Host} of that namespace is its own name
 * @param namespaces Canaries of which namespaces it acts for; empty for all
 * @param callers    who may have things run
 * @param tasks      how they are run
 */
public record LoadTesterSettings(
        InetSocketAddress listen,
        Optional<String> namespace,
        Optional<Pattern> namespaces,
        Callers callers,
        TaskSettings tasks) {}
