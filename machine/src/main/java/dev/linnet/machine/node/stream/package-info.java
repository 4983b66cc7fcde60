/** Streams into running Pods: ports, commands and output, as {@code kubectl port-forward}, {@code exec} and {@code attach} want them. Plain blocking code on virtual threads. */
@NullMarked
package dev.linnet.machine.node.stream;

import org.jspecify.annotations.NullMarked;
