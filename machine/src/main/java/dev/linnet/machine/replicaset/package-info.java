/** The ReplicaSet controller: as many Pods as the spec says. */
@NullMarked
package dev.linnet.machine.replicaset;

import org.jspecify.annotations.NullMarked;
