/** The cluster on this machine: {@code linnet up}. */
@NullMarked
package dev.linnet.cli.up;

import org.jspecify.annotations.NullMarked;
