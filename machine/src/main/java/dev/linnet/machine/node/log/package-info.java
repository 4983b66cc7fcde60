/** What containers wrote: kept, rotated and served. */
@NullMarked
package dev.linnet.machine.node.log;

import org.jspecify.annotations.NullMarked;
