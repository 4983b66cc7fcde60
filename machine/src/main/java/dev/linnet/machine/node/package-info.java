/** Runs the Pods of this machine's nodes. Start reading at NodeAgent; PodRunner tells the life of a Pod. */
@NullMarked
package dev.linnet.machine.node;

import org.jspecify.annotations.NullMarked;
