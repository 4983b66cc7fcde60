/** The DaemonSet controller: one Pod on each node that is meant. */
@NullMarked
package dev.linnet.machine.daemonset;

import org.jspecify.annotations.NullMarked;
