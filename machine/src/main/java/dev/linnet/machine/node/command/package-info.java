/** Containers that are commands of this machine. Start reading at CommandImage; Processes sees to it that none outlives us. */
@NullMarked
package dev.linnet.machine.node.command;

import org.jspecify.annotations.NullMarked;
