/** Controllers, scheduler, node agent and service proxy of one machine. Start reading at Machine. */
@NullMarked
package dev.linnet.machine;

import org.jspecify.annotations.NullMarked;
