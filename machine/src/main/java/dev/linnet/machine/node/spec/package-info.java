/** What a container is given: its environment, files and ports. */
@NullMarked
package dev.linnet.machine.node.spec;

import org.jspecify.annotations.NullMarked;
