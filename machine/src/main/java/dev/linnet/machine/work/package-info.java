/** How parts remember what they have to look at again. */
@NullMarked
package dev.linnet.machine.work;

import org.jspecify.annotations.NullMarked;
