/** Decides which node a Pod runs on. Start reading at Scheduler; Placement decides. */
@NullMarked
package dev.linnet.machine.scheduler;

import org.jspecify.annotations.NullMarked;
