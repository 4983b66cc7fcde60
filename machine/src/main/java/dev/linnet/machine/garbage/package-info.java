/** The garbage collector: what belongs to an owner goes with it. */
@NullMarked
package dev.linnet.machine.garbage;

import org.jspecify.annotations.NullMarked;
