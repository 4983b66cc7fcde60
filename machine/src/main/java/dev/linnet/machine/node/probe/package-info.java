/** Asks containers how they are. */
@NullMarked
package dev.linnet.machine.node.probe;

import org.jspecify.annotations.NullMarked;
