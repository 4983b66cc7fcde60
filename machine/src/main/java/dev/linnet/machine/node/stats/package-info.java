/** What the containers of a node use, measured when somebody asks. */
@NullMarked
package dev.linnet.machine.node.stats;

import org.jspecify.annotations.NullMarked;
